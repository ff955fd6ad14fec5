import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutate, openCompany, tryMutate, type Company } from '../support/company.ts';
import { eventually, modes, startTestPlatform, type Platform } from '../support/platform.ts';
import {
  approve,
  importStatement,
  linesNow,
  postInvoice,
  submitInvoice,
  untilPosted,
  untilWaiting,
} from '../support/steps.ts';

const october = { startsOn: '2026-10-01', endsOn: '2026-10-31' };

interface Item {
  readonly key: string;
  readonly status: string;
  readonly count: number;
  readonly detail: string;
  readonly targets: readonly { readonly type: string; readonly id: string }[];
}

/** All points of the close checklist, from four subgraphs, by key. */
async function checklist(company: Company): Promise<Map<string, Item>> {
  const item = '{ key title status severity count detail targets { type id } }';
  const { closeChecklist } = await company.owner.run<{ closeChecklist: Record<string, Item[]> }>(
    `query ($b: ID!, $from: Date!, $to: Date!) { closeChecklist(bookId: $b, startsOn: $from, endsOn: $to) {
       items ${item} bankItems ${item} approvalItems ${item} syncItems ${item} } }`,
    { b: company.bookId, from: october.startsOn, to: october.endsOn },
  );
  return new Map(
    Object.values(closeChecklist)
      .flat()
      .map((one) => [one.key, one]),
  );
}

const openKeys = (items: ReadonlyMap<string, Item>): string[] =>
  [...items.values()]
    .filter(({ status }) => status === 'OPEN' || status === 'BLOCKED')
    .map(({ key }) => key)
    .toSorted();

describe.each(modes)('a month is closed, in %s', (mode) => {
  let platform: Platform;
  let company: Company;
  let waiting: string;

  beforeAll(async () => {
    platform = await startTestPlatform(mode);
    company = await openCompany(platform);
    await mutate(company.owner, 'connectSystem', {
      input: { bookId: company.bookId, kind: 'HLEDGER_JOURNAL', name: 'Ledger file' },
    });
    await postInvoice(company, { number: 'AS-3101', net: 300, supplier: 'Alpina Spedition GmbH' });
    waiting = await submitInvoice(company, { number: 'NH-20418', net: 1000 });
    await untilWaiting(company, waiting);
    await importStatement(company, [
      { cents: -35_700, on: '2026-10-17', name: 'Alpina Spedition', text: 'AS-3101', reference: 'AS-3101' },
      { cents: -1_850, on: '2026-10-30', name: 'Hansebank AG', text: 'Account fee' },
    ]);
    await eventually(async () => {
      const now = await linesNow(company);
      return now.length === 2 && now.every((line) => line.status !== 'UNMATCHED');
    });
  });
  afterAll(() => platform?.stop());

  const lock = (more: object, client = company.submitter) =>
    tryMutate<{ period: { status: string } | null }>(client, 'lockPeriod', {
      input: { bookId: company.bookId, ...october, ...more },
      fields: 'period { status }',
    });
  const reopen = (more: object, client = company.owner) =>
    tryMutate<{ period: { status: string } | null }>(client, 'openPeriod', {
      input: { bookId: company.bookId, ...october, ...more },
      fields: 'period { status }',
    });
  const lookOver = () => mutate(company.owner, 'requestValidation', { input: { bookId: company.bookId } });

  test('the checklist shows what is missing, with what to look at', async () => {
    const items = await eventually(async () => {
      const now = await checklist(company);
      return now.get('SYNC_IN_STEP')?.status === 'DONE' ? now : undefined;
    });
    expect(openKeys(items as Map<string, Item>)).toEqual([
      'DRAFTS_WAITING',
      'EXCEPTIONS_LOW',
      'UNMATCHED_LINES',
    ]);
    expect(items?.get('DRAFTS_WAITING')).toMatchObject({ count: 1, targets: [{ type: 'Draft' }] });
    expect(items?.get('UNMATCHED_LINES')).toMatchObject({ count: 1, targets: [{ type: 'StatementLine' }] });
    expect([...(items?.keys() ?? [])]).toContain('OPEN_APPROVALS');
    expect(items?.get('REVALUATION')).toMatchObject({ status: 'NOT_APPLICABLE' });
  });

  test('locking that asks for a clean checklist is refused by name', async () => {
    const refused = await lock({ requireClean: true });
    expect(refused.errors).toMatchObject([{ code: 'CHECKLIST_OPEN' }]);
    expect(refused.errors[0]?.message).toContain('DRAFTS_WAITING');
  });

  test('the books lack the balance with which the statements begin, which is found and posted', async () => {
    const findings = async (status: string) => {
      const answer = await company.owner.run<{
        validationFindings: {
          edges: { node: { invariant: string; severity: string; expected: string; found: string } }[];
        };
      }>(
        `query ($b: ID!, $s: ValidationStatus) { validationFindings(bookId: $b, status: $s) { edges { node {
           invariant severity expected found evidence { label amount { amount } } } } } }`,
        { b: company.bookId, s: status },
      );
      return answer.validationFindings.edges.map(({ node }) => node);
    };
    await eventually(async () => {
      await lookOver();
      return (await findings('OPEN')).length > 0;
    });
    expect(await findings('OPEN')).toMatchObject([
      { invariant: 'BANK_BALANCE', severity: 'LOW', expected: '9643.00 EUR', found: '-357.00 EUR' },
    ]);
    await mutate(company.owner, 'postJournalEntry', {
      input: {
        bookId: company.bookId,
        postedOn: '2026-10-01',
        description: 'Opening balance of the house bank',
        lines: [
          { accountCode: '1000', side: 'DEBIT', amount: '10000.00', currency: 'EUR' },
          { accountCode: '3000', side: 'CREDIT', amount: '10000.00', currency: 'EUR' },
        ],
      },
    });
    await eventually(async () => {
      await lookOver();
      return (await findings('OPEN')).length === 0;
    });
    expect(await findings('RESOLVED')).toMatchObject([{ invariant: 'BANK_BALANCE' }]);
  });

  test('each point is done, and the month is locked', async () => {
    await approve(company, await untilWaiting(company, waiting));
    await untilPosted(company, waiting);
    const fee = (await linesNow(company)).find((line) => line.status !== 'MATCHED');
    await mutate(company.owner, 'bookStatementLine', {
      input: { lineId: fee?.id, accountCode: '6855', memo: 'Account fee' },
    });
    await eventually(async () => openKeys(await checklist(company)).length === 0);
    const locked = await eventually(async () => {
      await lookOver();
      const answer = await lock({ requireClean: true });
      return answer.period ? answer : undefined;
    });
    expect(locked).toMatchObject({ period: { status: 'LOCKED' }, errors: [] });
  });

  test('a posting into it is refused', async () => {
    const refused = await tryMutate(company.owner, 'postJournalEntry', {
      input: {
        bookId: company.bookId,
        postedOn: '2026-10-31',
        description: 'Too late',
        lines: [
          { accountCode: '6855', side: 'DEBIT', amount: '1.00', currency: 'EUR' },
          { accountCode: '1100', side: 'CREDIT', amount: '1.00', currency: 'EUR' },
        ],
      },
    });
    expect(refused.errors).toMatchObject([{ code: 'PERIOD_CLOSED' }]);
  });

  test('opening it again needs an owner and a reason, which stands in the audit log', async () => {
    const reason = 'A credit note of October came in';
    expect((await reopen({ reason }, company.submitter)).errors).toMatchObject([{ code: 'FORBIDDEN' }]);
    expect((await reopen({})).errors).toMatchObject([{ code: 'REASON_REQUIRED', path: ['reason'] }]);
    expect(await reopen({ reason })).toMatchObject({ period: { status: 'OPEN' }, errors: [] });
    const { rows } = await platform.owner.query<{ record: string }>(
      "select record::text as record from kernel.audit_stage where record::text like '%A credit note%' union all select record::text from audit.record where record::text like '%A credit note%'",
    );
    expect(rows.map(({ record }) => record).join('\n')).toContain('openPeriod');
  });
});
