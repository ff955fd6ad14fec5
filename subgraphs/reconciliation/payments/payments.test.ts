import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDays, calendarDate, dateOf } from '#kernel/calendar';
import { addAccount, block, registerPayee } from '../../../test/support/payees.ts';
import {
  approve,
  camt054,
  fileOf,
  importStatus,
  openPaymentBench,
  orderOf,
  pain002,
  send,
} from '../../../test/support/payments.ts';
import {
  eventsOf,
  importText,
  linesOf,
  openAccount,
  openItemsOf,
  postItem,
} from '../../../test/support/reconciliation.ts';
import type { Workbench } from '../../../test/support/workbench.ts';
import { undoMatch } from '../matches/undo-match.ts';
import { approvePaymentOrder } from './approve-payment-order.ts';
import { cancelPaymentOrder } from './cancel-payment-order.ts';
import { createPaymentOrder } from './create-payment-order.ts';
import { paymentFile } from './payment-file.ts';
import { setDiscountTerms } from './set-discount-terms.ts';
import { setPaymentApprovals } from './set-payment-approvals.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openPaymentBench();
});
afterAll(() => bench?.close());

const accountOfVendor = { a: 'NL91ABNA0417164300', b: 'BE68539007547034' };
const today = dateOf(new Date());
let books = 0;

/** A book with an account of its own that owes bills to a vendor of its own. */
async function newBook(...amounts: readonly string[]) {
  books += 1;
  const bban = `370400440533${String(books).padStart(6, '0')}`;
  const account = `DE${String(98n - (BigInt(`${bban}131400`) % 97n)).padStart(2, '0')}${bban}`;
  const { bookId, bankAccountId } = await openAccount(bench, { iban: account });
  const vendorId = await registerPayee(bench, `Vendor ${books}`, accountOfVendor.a);
  for (const [at, amount] of amounts.entries()) {
    await postItem(bench, bookId, {
      amount: `-${amount}`,
      reference: `INV-${books}00${at + 1}`,
      name: `Vendor ${books}`,
      vendorId,
    });
  }
  const items = [...(await openItemsOf(bench, bookId))].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { bookId, bankAccountId, vendorId, account, itemIds: items.map(([, { id }]) => id) };
}

type Book = Awaited<ReturnType<typeof newBook>>;

const order = (book: Book, input: object = { items: book.itemIds.map((openItemId) => ({ openItemId })) }) =>
  bench
    .door('reconciliation')
    .run(createPaymentOrder, { bookId: book.bookId, bankAccountId: book.bankAccountId, ...input });

async function ordered(book: Book, input?: object): Promise<string> {
  const outcome = await order(book, input);
  expect(outcome.errors).toEqual([]);
  return outcome.result?.paymentOrderId ?? '';
}

const codes = (outcome: { errors: readonly { code: string }[] }) => outcome.errors.map((error) => error.code);

async function exceptionsOf(bookId: string) {
  const { exceptions } = await bench.query<{
    exceptions: { edges: { node: { reason: string; detail: string; status: string; severity: string } }[] };
  }>(
    'reconciliation',
    `{ exceptions(bookId: "${bookId}") { edges { node { reason detail status severity } } } }`,
  );
  return exceptions.edges.map((edge) => edge.node);
}

const openOf = async (bookId: string) =>
  Object.fromEntries(
    [...(await openItemsOf(bench, bookId))].map(([reference, { open }]) => [reference, open]),
  );

test('the whole way: ordered, approved by another, filed, one payment refused, the other executed and returned', async () => {
  const book = await newBook('100.00', '250.50');
  const { bookId } = book;
  const id = await ordered(book);
  expect(await orderOf(bench, id)).toMatchObject({
    status: 'DRAFT',
    totals: [{ amount: '350.50', currency: 'EUR' }],
    payments: [
      { status: 'PENDING', creditorAccount: { lastFour: '4300', unused: true } },
      { status: 'PENDING' },
    ],
  });
  const text = await send(bench, id);
  expect(text).toContain(`<IBAN>${book.account}</IBAN>`);
  expect(text).toContain(`<IBAN>${accountOfVendor.a}</IBAN>`);
  expect(text).toContain('<CtrlSum>350.50</CtrlSum>');
  const sent = await orderOf(bench, id);
  expect(sent.status).toBe('SENT');
  const [first, second] = sent.payments;
  expect(text).toContain(`<EndToEndId>${first?.endToEndId}</EndToEndId>`);

  const report = pain002({
    messageId: sent.messageId,
    group: 'PART',
    payments: [
      { endToEndId: first?.endToEndId ?? '', status: 'RJCT', reason: 'AC04' },
      { endToEndId: second?.endToEndId ?? '', status: 'ACSP' },
    ],
  });
  const reported = await importStatus(bench, bookId, report);
  expect(reported).toMatchObject({ errors: [], result: { accepted: 1, rejected: 1, executed: 0 } });
  expect(await orderOf(bench, id)).toMatchObject({
    status: 'PART_ACCEPTED',
    payments: [{ status: 'REJECTED', reason: 'AC04: the account is closed.' }, { status: 'ACCEPTED' }],
  });
  const [refused] = await exceptionsOf(bookId);
  expect(refused).toMatchObject({ reason: 'PAYMENT_REJECTED', status: 'OPEN' });
  expect(refused?.detail).toContain('AC04: the account is closed.');

  const executed = {
    amount: '-250.50',
    on: '2026-11-24',
    endToEndIds: [second?.endToEndId ?? ''],
    reference: 'B-1',
    creditor: accountOfVendor.a,
  };
  await importText(bench, { bookId, text: camt054([executed], book.account), name: 'a.xml' });
  expect(await orderOf(bench, id)).toMatchObject({
    status: 'EXECUTED',
    payments: [
      { status: 'REJECTED' },
      { status: 'EXECUTED', match: { method: 'own-payment', status: 'ACCEPTED' } },
    ],
  });
  expect(Object.values(await openOf(bookId))).toEqual(['-100.00']);

  const returned = {
    ...executed,
    amount: '250.50',
    on: '2026-11-26',
    reference: 'B-2',
    returned: { code: 'MD07', text: 'verstorben' },
  };
  await importText(bench, { bookId, text: camt054([returned], book.account), name: 'b.xml' });
  expect(await orderOf(bench, id)).toMatchObject({
    status: 'RETURNED',
    payments: [
      { status: 'REJECTED' },
      {
        status: 'RETURNED',
        reason: 'MD07: the creditor has died (verstorben).',
        match: null,
        returnLine: {},
      },
    ],
  });
  expect(Object.values(await openOf(bookId)).toSorted()).toEqual(['-100.00', '-250.50']);
  const raised = (await exceptionsOf(bookId)).filter(({ reason }) => reason === 'PAYMENT_RETURNED');
  expect(raised).toMatchObject([
    { status: 'OPEN', detail: expect.stringContaining('MD07: the creditor has died') },
  ]);
  expect(await eventsOf(bench, bookId, 'match.undone')).toHaveLength(1);
  // The payment and its return answer each other; neither settles anything.
  const lines = await linesOf(bench, bookId);
  expect(lines.map(({ status, exception }) => [status, exception?.reason])).toEqual([
    ['EXCEPTION', 'RETURNED'],
    ['EXCEPTION', 'RETURNED'],
  ]);

  // Ordered and paid once more, what was raised about the first attempts is over.
  const again = await ordered(book);
  await send(bench, again);
  const { payments } = await orderOf(bench, again);
  const paid = payments.map(({ endToEndId, amount }, at) => ({
    amount: `-${amount.amount}`,
    on: '2026-11-28',
    endToEndIds: [endToEndId],
    reference: `C-${at}`,
  }));
  await importText(bench, { bookId, text: camt054(paid, book.account), name: 'c.xml' });
  expect((await orderOf(bench, again)).status).toBe('EXECUTED');
  const left = (await exceptionsOf(bookId)).filter(({ reason }) => reason.startsWith('PAYMENT_'));
  expect(left.map(({ status }) => status)).toEqual(['RESOLVED', 'RESOLVED']);
});

test('what is imported a second time changes nothing, whether report or notification', async () => {
  const book = await newBook('80.00', '90.00');
  const id = await ordered(book);
  await send(bench, id);
  const { messageId, payments } = await orderOf(bench, id);
  const [a = '', b = ''] = payments.map((payment) => payment.endToEndId);
  const report = pain002({
    messageId,
    group: 'ACCP',
    payments: [{ endToEndId: a, status: 'RJCT', reason: 'AM05' }],
  });
  await importStatus(bench, book.bookId, report);
  const notice = camt054(
    [
      { amount: '-90.00', on: '2026-11-24', endToEndIds: [b], reference: 'B-1' },
      { amount: '90.00', on: '2026-11-25', endToEndIds: [b], reference: 'B-2', returned: { code: 'AC06' } },
    ],
    book.account,
  );
  await importText(bench, { bookId: book.bookId, text: notice, name: 'a.xml' });
  const state = async () => ({
    order: await orderOf(bench, id),
    open: await openOf(book.bookId),
    exceptions: await exceptionsOf(book.bookId),
    events: (await bench.events()).filter(
      (event) => event.bookId === book.bookId && /^payment|^match|^exception/.test(event.type),
    ).length,
  });
  const before = await state();
  expect(before.order.status).toBe('RETURNED');
  const second = await importStatus(bench, book.bookId, `${report} `);
  expect(second.result).toMatchObject({ accepted: 0, rejected: 0, executed: 0 });
  await importText(bench, {
    bookId: book.bookId,
    text: notice.replace('<Id>N1</Id>', '<Id>N2</Id>'),
    name: 'b.xml',
  });
  expect(await state()).toEqual(before);
});

describe('four eyes', () => {
  test('whoever made an order cannot approve it, and the database says so once more', async () => {
    const book = await newBook('10.00');
    const id = await ordered(book);
    expect(await approve(bench, id, 'Ana')).toEqual(['FOUR_EYES']);
    const system = { ...bench.actor('Robot'), memberId: undefined };
    const outcome = await bench
      .door('reconciliation')
      .run(approvePaymentOrder, { paymentOrderId: id }, { actor: system });
    expect(codes(outcome)).toEqual(['FOUR_EYES']);
    await expect(
      bench.owner.query(
        `insert into reconciliation.payment_approval (organisation_id, order_id, member_id, approved_at)
         values ($1, $2, 'mem_ana', now())`,
        [bench.actor().organisationId, id],
      ),
    ).rejects.toMatchObject({ hint: 'FOUR_EYES' });
    expect((await orderOf(bench, id)).status).toBe('DRAFT');
    expect(await approve(bench, id)).toEqual([]);
    expect((await orderOf(bench, id)).status).toBe('APPROVED');
  });

  test('a book may ask for more people, each of whom counts once', async () => {
    const book = await newBook('10.00');
    await bench.door('reconciliation').run(setPaymentApprovals, { bookId: book.bookId, approvals: 2 });
    const id = await ordered(book);
    expect(await approve(bench, id)).toEqual([]);
    expect(await orderOf(bench, id)).toMatchObject({ status: 'DRAFT', approvalsNeeded: 2 });
    expect(await approve(bench, id)).toEqual(['ALREADY_DECIDED']);
    expect(await approve(bench, id, 'Mia')).toEqual([]);
    expect(await orderOf(bench, id)).toMatchObject({
      status: 'APPROVED',
      approvals: [{ member: { id: 'mem_ravi' } }, { member: { id: 'mem_mia' } }],
    });
  });

  test('there is no file before the approval, and none of what may not be paid any more', async () => {
    const book = await newBook('10.00');
    const id = await ordered(book);
    const file = () => bench.door('reconciliation').run(paymentFile, { paymentOrderId: id });
    expect(codes(await file())).toEqual(['STATE_CONFLICT']);
    expect(await approve(bench, id)).toEqual([]);
    await block(bench, book.vendorId);
    expect(codes(await file())).toEqual(['STATE_CONFLICT']);
    const cancelled = await bench.door('reconciliation').run(cancelPaymentOrder, { paymentOrderId: id });
    expect(cancelled.errors).toEqual([]);
    expect(codes(await order(book))).toContain('PAYEE_UNCONFIRMED');
  });
});

describe('an order', () => {
  test('pays what is due until a day, and no bill that another order is to pay', async () => {
    const book = await newBook('10.00', '20.00', '30.00');
    const [one = ''] = book.itemIds;
    const first = await ordered(book, { items: [{ openItemId: one }] });
    expect(codes(await order(book, { items: [{ openItemId: one }] }))).toContain('PAYMENT_ORDERED');
    const second = await ordered(book, { dueUntil: '2026-12-31' });
    expect((await orderOf(bench, second)).payments.map(({ amount }) => amount.amount)).toEqual([
      '20.00',
      '30.00',
    ]);
    expect(codes(await order(book, { dueUntil: '2026-12-31' }))).toEqual(['NOT_FOUND']);
    await bench.door('reconciliation').run(cancelPaymentOrder, { paymentOrderId: first });
    const third = await ordered(book, { dueUntil: '2026-12-31' });
    expect((await orderOf(bench, third)).payments.map(({ amount }) => amount.amount)).toEqual(['10.00']);
  });

  test('tells what it cannot pay and pays the rest', async () => {
    const book = await newBook('10.00', '20.00');
    const [one = '', two = ''] = book.itemIds;
    await postItem(bench, book.bookId, {
      amount: '-5.00',
      reference: 'STRANGE-1',
      vendorId: book.vendorId,
      accounts: [accountOfVendor.b],
    });
    const strange = (await openItemsOf(bench, book.bookId)).get('STRANGE-1')?.id ?? '';
    const outcome = await order(book, {
      items: [
        { openItemId: one, amount: { amount: '4.00', currency: 'EUR' } },
        { openItemId: two, amount: { amount: '20.01', currency: 'EUR' } },
        { openItemId: strange },
        { openItemId: 'oi_none' },
      ],
    });
    expect(outcome.errors.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual([
      'FIELD_INVALID items.1',
      'PAYEE_ACCOUNT_UNCLEAR items.2',
      'NOT_FOUND items.3',
    ]);
    expect(outcome.result?.payments).toBe(1);
    // Once the account is known to be the vendor's, the bill that names it is paid to it.
    await addAccount(bench, book.vendorId, accountOfVendor.b);
    const id = await ordered(book, { items: [{ openItemId: strange }] });
    expect((await orderOf(bench, id)).payments).toMatchObject([{ creditorAccount: { lastFour: '7034' } }]);
  });

  test('takes the discount that is in time, and the bank line of what was paid settles the whole bill', async () => {
    const book = await newBook('100.00');
    await postItem(bench, book.bookId, {
      amount: '-200.00',
      reference: 'NEW-1',
      vendorId: book.vendorId,
      postedOn: today,
    });
    const terms = { bookId: book.bookId, vendorId: book.vendorId, percent: '2.5', days: 7 };
    await bench.door('reconciliation').run(setDiscountTerms, terms);
    const id = await ordered(book, { dueUntil: addDays(calendarDate(today), 7), onLastDay: true });
    const { payments } = await orderOf(bench, id);
    expect(payments).toMatchObject([
      { amount: { amount: '100.00' }, discount: { amount: '0.00' }, executionOn: today },
      {
        amount: { amount: '195.00' },
        discount: { amount: '5.00' },
        executionOn: addDays(calendarDate(today), 7),
      },
    ]);
    const text = await send(bench, id);
    expect(text.match(/<PmtInfId>/g)).toHaveLength(2);
    const line = {
      amount: '-195.00',
      on: '2026-11-24',
      endToEndIds: [payments[1]?.endToEndId ?? ''],
      reference: 'B-1',
    };
    await importText(bench, { bookId: book.bookId, text: camt054([line], book.account), name: 'a.xml' });
    expect(Object.values(await openOf(book.bookId))).toEqual(['-100.00']);
    const [accepted] = await eventsOf(bench, book.bookId, 'match.accepted');
    expect(accepted?.facts.items).toMatchObject([{ applied: { minor: '-20000' } }]);
    expect((await orderOf(bench, id)).status).toBe('PART_ACCEPTED');
  });

  test('has one file however often it is asked for, and is cancelled only with a reason once there is one', async () => {
    const book = await newBook('10.00');
    const id = await ordered(book);
    await approve(bench, id);
    expect(await fileOf(bench, id)).toBe(await fileOf(bench, id));
    const cancel = (reason?: string) =>
      bench.door('reconciliation').run(cancelPaymentOrder, { paymentOrderId: id, reason });
    expect(codes(await cancel())).toEqual(['REASON_REQUIRED']);
    expect(codes(await cancel('wrong account'))).toEqual([]);
    expect(codes(await cancel('again'))).toEqual(['STATE_CONFLICT']);
  });
});

describe('the bank', () => {
  test('books a batch as one sum; of what comes back of it only that bill is open again', async () => {
    const book = await newBook('10.00', '20.00', '30.00');
    const id = await ordered(book);
    await send(bench, id);
    const { messageId, payments } = await orderOf(bench, id);
    const batch = {
      amount: '-60.00',
      on: '2026-11-24',
      endToEndIds: payments.map((one) => one.endToEndId),
      reference: 'B-1',
    };
    await importText(bench, {
      bookId: book.bookId,
      text: camt054([{ ...batch, batchId: `${messageId}-1` }], book.account),
      name: 'a.xml',
    });
    expect(await openOf(book.bookId)).toEqual({});
    expect((await orderOf(bench, id)).status).toBe('EXECUTED');
    const back = {
      amount: '20.00',
      on: '2026-11-25',
      endToEndIds: [payments[1]?.endToEndId ?? ''],
      reference: 'B-2',
      returned: { code: 'AC01' },
    };
    await importText(bench, { bookId: book.bookId, text: camt054([back], book.account), name: 'b.xml' });
    expect(Object.values(await openOf(book.bookId))).toEqual(['-20.00']);
    expect(await orderOf(bench, id)).toMatchObject({
      status: 'EXECUTED',
      payments: [
        { status: 'EXECUTED', match: { status: 'ACCEPTED' } },
        { status: 'RETURNED' },
        { status: 'EXECUTED' },
      ],
    });
    expect((await linesOf(bench, book.bookId)).map((line) => line.status)).toEqual(['MATCHED', 'MATCHED']);
  });

  test('answers to an order that nobody has marked as sent; a match undone by a person is not a payment any more', async () => {
    const book = await newBook('10.00');
    const id = await ordered(book);
    await approve(bench, id);
    await fileOf(bench, id);
    const { messageId, payments } = await orderOf(bench, id);
    await importStatus(bench, book.bookId, pain002({ messageId, group: 'ACCP' }));
    expect(await orderOf(bench, id)).toMatchObject({
      status: 'ACCEPTED',
      payments: [{ status: 'ACCEPTED' }],
    });
    const line = {
      amount: '-10.00',
      on: '2026-11-24',
      endToEndIds: [payments[0]?.endToEndId ?? ''],
      reference: 'B-1',
    };
    await importText(bench, { bookId: book.bookId, text: camt054([line], book.account), name: 'a.xml' });
    const matchId = (await orderOf(bench, id)).payments[0]?.match?.id ?? '';
    await bench.door('reconciliation').run(undoMatch, { matchId, reason: 'looked wrong' });
    await bench.settle();
    expect(await orderOf(bench, id)).toMatchObject({
      status: 'ACCEPTED',
      payments: [{ status: 'ACCEPTED', match: null }],
    });
    expect(codes(await order(book))).toContain('PAYMENT_ORDERED');
  });

  test('reports on payments of others are told and refused, files of another kind named', async () => {
    const book = await newBook('10.00');
    expect(
      codes(await importStatus(bench, book.bookId, pain002({ messageId: 'OTHER', group: 'RJCT' }))),
    ).toEqual(['NOT_FOUND']);
    expect(codes(await importStatus(bench, book.bookId, camt054([], book.account)))).toEqual([
      'FORMAT_WRONG',
    ]);
    expect(codes(await importStatus(bench, book.bookId, 'no XML'))).toEqual(['FILE_UNREADABLE']);
  });
});
