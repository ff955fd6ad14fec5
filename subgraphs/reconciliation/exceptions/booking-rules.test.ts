import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatMoney, money, parseMoney } from '#kernel/money';
import { bookWith, exceptionsOf, importLines } from '../../../test/support/exceptions.ts';
import { eventsOf, ledgerSays, linesOf } from '../../../test/support/reconciliation.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { bookStatementLine } from '../matches/book-statement-line.ts';
import { matchStatementLines } from '../matches/match-statement-lines.ts';
import { reconciliation } from '../subgraph.ts';
import { acceptRuleProposal } from './accept-rule-proposal.ts';
import { applyResolution } from './apply-resolution.ts';
import { changeBookingRule } from './change-booking-rule.ts';
import { createBookingRule } from './create-booking-rule.ts';
import { declineRuleProposal } from './decline-rule-proposal.ts';
import { retireBookingRule } from './retire-booking-rule.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

const eur = (amount: string) => parseMoney(amount, 'EUR');
const door = () => bench.door('reconciliation');

const fee = (month: number, amount = '-4.90') => ({
  day: `26${month.toString().padStart(2, '0')}02`,
  amount,
  text: `Entgelt Kontofuehrung ${month.toString().padStart(2, '0')}.2026`,
});

/** A book in which somebody has booked the fee of so many months to 4970. */
async function booksOfFees(months: number) {
  const made = await bookWith(
    bench,
    Array.from({ length: months }, (_, at) => fee(at + 1)),
  );
  for (const { id: lineId } of made.lines) {
    const booked = await door().run(bookStatementLine, { lineId, accountCode: '4970', memo: 'Account fee' });
    expect(booked.errors).toEqual([]);
  }
  let [balance, number] = [eur('-4.90').minor * BigInt(months), 1];
  const next = async (movement: ReturnType<typeof fee>) => {
    number += 1;
    const opening = formatMoney(money(balance, 'EUR'));
    balance += eur(movement.amount).minor;
    await importLines(bench, { ...made, movements: [movement], number: number.toString(), opening });
    return (await linesOf(bench, made.bookId)).at(-1);
  };
  return { ...made, next };
}

interface ShownProposal {
  readonly id: string;
  readonly takes: string;
  readonly accountCode: string;
  readonly memo: string | null;
  readonly total: number;
  readonly upTo: { readonly amount: string };
  readonly backTest: { readonly right: number; readonly wrong: number; readonly none: number };
}

const proposalsOf = async (bookId: string) =>
  (
    await bench.query<{ exceptionRuleProposals: ShownProposal[] }>(
      'reconciliation',
      `query ($bookId: ID!) { exceptionRuleProposals(bookId: $bookId) { id takes accountCode memo total
         upTo { amount } backTest { right wrong none } lines { id } } }`,
      { variables: { bookId } },
    )
  ).exceptionRuleProposals;

const ruleOf = async (lineId: string | undefined) =>
  (
    await bench.query<{ statementLine: { status: string; bookingRule: object | null } }>(
      'reconciliation',
      `query ($id: ID!) { statementLine(id: $id) { status bookedAccountCode memo
         bookingRule { id version accountCode booked undone } } }`,
      { variables: { id: lineId } },
    )
  ).statementLine;

const rulesOf = async (bookId: string) =>
  (
    await bench.query<{ bookingRules: object[] }>(
      'reconciliation',
      `query ($bookId: ID!) { bookingRules(bookId: $bookId, retired: true) {
         version accountCode retiredAt replaces { version } backTest { right wrong none } } }`,
      { variables: { bookId } },
    )
  ).bookingRules;

test('what recurs is proposed with its back-test, and below the bar it is not', async () => {
  const few = await booksOfFees(5);
  expect(await proposalsOf(few.bookId)).toEqual([]);
  const enough = await booksOfFees(8);
  expect(await proposalsOf(enough.bookId)).toMatchObject([
    {
      takes: 'Payments out: entgelt kontofuhrung',
      accountCode: '4970',
      memo: 'Account fee',
      total: 8,
      upTo: { amount: '9.80' },
      backTest: { right: 5, wrong: 0, none: 3 },
    },
  ]);
});

test('a rule made by hand is held against the past first, and a dry run says so and keeps nothing', async () => {
  const { bookId, lines, next } = await booksOfFees(5);
  const open = await next(fee(6));
  const input = {
    bookId,
    lineId: open?.id,
    accountCode: '4970',
    upTo: { amount: '10.00', currency: 'EUR' },
  };
  const make = (more: object) =>
    bench.query<{ createBookingRule: Record<string, unknown> }>(
      'reconciliation',
      `mutation ($input: CreateBookingRuleInput!) { createBookingRule(input: $input) {
         takes backTest { right wrong none } openCount openLines { id } otherwise { id }
         bookingRule { version booked } errors { code message } } }`,
      { variables: { input: { ...input, ...more } } },
    );
  expect((await make({ dryRun: true })).createBookingRule).toMatchObject({
    takes: 'Payments out: entgelt kontofuhrung',
    backTest: { right: 5, wrong: 0, none: 0 },
    openCount: 1,
    openLines: [{ id: open?.id }],
    errors: [],
  });
  expect(await rulesOf(bookId)).toEqual([]);
  const other = (await make({ accountCode: '4900' })).createBookingRule;
  expect(other['errors']).toMatchObject([
    { code: 'FIELD_INVALID', message: expect.stringContaining('Of 5 past lines it would have booked 5') },
  ]);
  const small = { accountCode: '4900', upTo: { amount: '1.00', currency: 'EUR' }, dryRun: true };
  expect((await make(small)).createBookingRule).toMatchObject({ backTest: { right: 0, wrong: 0, none: 5 } });
  const wrong = (await make({ accountCode: '4900', evenIfWrong: true, dryRun: true })).createBookingRule;
  expect(wrong['otherwise']).toHaveLength(lines.length);
  expect((await make({})).createBookingRule).toMatchObject({ bookingRule: { version: 1 }, errors: [] });
  await bench.settle();
  expect(await ruleOf(open?.id)).toMatchObject({ status: 'BOOKED', bookingRule: { version: 1, booked: 1 } });
  expect((await make({})).createBookingRule['errors']).toMatchObject([{ code: 'STATE_CONFLICT' }]);
});

test('a rule for all of another party needs no line, and one without either is refused', async () => {
  const { bookId, next } = await booksOfFees(1);
  const upTo = { amount: '50.00', currency: 'EUR' };
  const party = {
    bookId,
    counterpartyName: 'Parkhaus Mitte GmbH',
    direction: 'OUT',
    accountCode: '4530',
    upTo,
  };
  expect((await door().run(createBookingRule, party)).errors).toEqual([]);
  const line = await next({ ...fee(2, '-12.00'), name: 'Parkhaus Mitte', text: 'Anything' } as never);
  expect(await ruleOf(line?.id)).toMatchObject({ status: 'BOOKED', bookedAccountCode: '4530' });
  const neither = await door().run(createBookingRule, { bookId, accountCode: '4530', upTo });
  expect(neither.errors).toMatchObject([{ code: 'FIELD_MISSING' }]);
  const nameless = await door().run(createBookingRule, { ...party, counterpartyName: '...' });
  expect(nameless.errors).toMatchObject([{ code: 'FIELD_INVALID' }]);
});

test('an accepted rule books what comes later, and its bookings are marked with it', async () => {
  const { bookId, next } = await booksOfFees(6);
  const [proposal] = await proposalsOf(bookId);
  const accepted = await door().run(acceptRuleProposal, { bookId, proposalId: proposal?.id });
  expect(accepted.errors).toEqual([]);
  expect(await proposalsOf(bookId)).toEqual([]);
  const line = await next(fee(7));
  expect(await ruleOf(line?.id)).toMatchObject({
    status: 'BOOKED',
    bookedAccountCode: '4970',
    memo: 'Account fee',
    bookingRule: { id: accepted.result?.bookingRuleId, version: 1, booked: 1, undone: 0 },
  });
  expect(await exceptionsOf(bench, bookId, ', status: OPEN')).toEqual([]);
  expect((await eventsOf(bench, bookId, 'statementLine.booked')).at(-1)).toMatchObject({
    subjectId: line?.id,
    facts: { accountCode: '4970', memo: 'Account fee', money: { minor: '-490', currency: 'EUR' } },
  });
});

test('a line that waits is booked when the rule comes into force, and one too large is left to a person', async () => {
  const { bookId, next } = await booksOfFees(6);
  const waiting = await next(fee(7));
  expect(waiting).toMatchObject({ status: 'EXCEPTION' });
  const [proposal] = await proposalsOf(bookId);
  await door().run(acceptRuleProposal, { bookId, proposalId: proposal?.id });
  await bench.settle();
  expect((await linesOf(bench, bookId)).find(({ id }) => id === waiting?.id)).toMatchObject({
    status: 'BOOKED',
  });
  const large = await next({ ...fee(8), amount: '-9.81' });
  expect(large).toMatchObject({ status: 'EXCEPTION', exception: { status: 'OPEN' } });
});

test('whoever takes a booking of a rule back has the last word: it is not booked again', async () => {
  const { bookId, next } = await booksOfFees(6);
  const [proposal] = await proposalsOf(bookId);
  await door().run(acceptRuleProposal, { bookId, proposalId: proposal?.id });
  const line = await next(fee(7));
  const lineId = line?.id ?? '';
  await ledgerSays(bench, {
    type: 'journalEntry.posted',
    subjectId: 'je_rule',
    bookId,
    facts: {
      number: 'JE-2026-000009',
      kind: 'BANK',
      postedOn: '2026-07-02' as never,
      description: 'Account fee',
      lines: [],
      cause: { statementLineId: lineId },
    },
  });
  await ledgerSays(bench, {
    type: 'journalEntry.reversed',
    subjectId: 'je_rule',
    bookId,
    facts: { reversedBy: 'je_x' },
  });
  await door().run(matchStatementLines, { bookId });
  expect(await ruleOf(lineId)).toMatchObject({ status: 'EXCEPTION', bookingRule: null });
  await door().run(bookStatementLine, { lineId, accountCode: '4900' });
  expect(await ruleOf(lineId)).toMatchObject({
    status: 'BOOKED',
    bookedAccountCode: '4900',
    bookingRule: null,
  });
});

test('a rule is changed by a new version and retired; lines keep the mark of the version that booked them', async () => {
  const { bookId, next } = await booksOfFees(6);
  const [proposal] = await proposalsOf(bookId);
  const first = await door().run(acceptRuleProposal, { bookId, proposalId: proposal?.id });
  const { bookingRuleId } = first.result ?? {};
  const before = await next(fee(7));
  const change = { bookingRuleId, accountCode: '6855', upTo: { amount: '50.00', currency: 'EUR' } };
  const second = await door().run(changeBookingRule, change);
  expect(second.errors).toEqual([]);
  const after = await next(fee(8));
  expect(await ruleOf(before?.id)).toMatchObject({ bookingRule: { version: 1, accountCode: '4970' } });
  expect(await ruleOf(after?.id)).toMatchObject({ bookedAccountCode: '6855', bookingRule: { version: 2 } });
  expect((await door().run(changeBookingRule, change)).errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
  const dollars = { bookingRuleId: second.result?.bookingRuleId, upTo: { amount: '5.00', currency: 'USD' } };
  expect((await door().run(changeBookingRule, dollars)).errors).toMatchObject([{ code: 'FIELD_INVALID' }]);
  const retired = await door().run(retireBookingRule, { bookingRuleId: second.result?.bookingRuleId });
  expect(retired.errors).toEqual([]);
  expect(await next(fee(9))).toMatchObject({ status: 'EXCEPTION' });
  const backTest = { right: 3, wrong: 0, none: 3 };
  expect(await rulesOf(bookId)).toMatchObject([
    { version: 2, accountCode: '6855', retiredAt: expect.any(String), replaces: { version: 1 }, backTest },
    { version: 1, accountCode: '4970', retiredAt: expect.any(String), replaces: null },
  ]);
});

test('a declined proposal is not made again', async () => {
  const { bookId } = await booksOfFees(6);
  const [proposal] = await proposalsOf(bookId);
  const proposalId = proposal?.id;
  expect((await door().run(declineRuleProposal, { bookId, proposalId })).errors).toEqual([]);
  expect(await proposalsOf(bookId)).toEqual([]);
  const late = await door().run(acceptRuleProposal, { bookId, proposalId });
  expect(late.errors).toMatchObject([{ code: 'STATE_CONFLICT', path: ['proposalId'] }]);
});

test('an exception offers to make the rule, which books its own line at once', async () => {
  const { bookId, next } = await booksOfFees(6);
  const line = await next(fee(7));
  const [exception] = await exceptionsOf(bench, bookId, ', status: OPEN');
  expect(exception).toMatchObject({ sameAs: 6 });
  const [rule, book] = exception?.proposals ?? [];
  expect([rule?.label, book?.label]).toEqual([
    'Same as 6 earlier ones, booked to 4970: make it a rule.',
    'Book 4.90 EUR to 4970, as 6 times before.',
  ]);
  expect([rule?.rule, book?.rule]).toEqual([{ backTest: { right: 3, wrong: 0 } }, null]);
  const input = { exceptionId: exception?.id, proposalId: rule?.id };
  expect((await door().run(applyResolution, input)).errors).toEqual([]);
  await bench.settle();
  expect(await ruleOf(line?.id)).toMatchObject({ status: 'BOOKED', bookingRule: { version: 1, booked: 1 } });
  const [resolved] = (await exceptionsOf(bench, bookId)).filter(({ id }) => id === exception?.id);
  expect(resolved).toMatchObject({ status: 'RESOLVED', appliedProposal: rule?.id });
});
