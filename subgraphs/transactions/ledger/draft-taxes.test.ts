import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { submitDocument } from '../intake/submit-document.ts';
import { createTaxCode } from '../tax/create-tax-code.ts';
import { installTaxCodes } from '../tax/install-tax-codes.ts';
import { transactions } from '../subgraph.ts';
import { draftJournalEntry } from './draft-journal-entry.ts';
import { overrideTax } from './override-tax.ts';
import { postDraft } from './post-draft.ts';
import { reverseJournalEntry } from './reverse-journal-entry.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
  await run(installTaxCodes, { bookId });
});
afterAll(() => bench.close());

const system = () => systemActor('transactions', bench.actor().organisationId);
const run: Workbench['door'] extends (name: string) => { run: infer Run } ? Run : never = (...call) =>
  bench.door('transactions').run(...call);

let made = 0;

/** Hands in a document and drafts it as the event of its vendor would; answers the id of the draft. */
async function draft(document: Record<string, unknown>): Promise<string> {
  made += 1;
  const submitted = await run(submitDocument, {
    bookId,
    document: {
      kind: 'INVOICE',
      number: `TAX-${made}`,
      issuedOn: '2026-03-10',
      counterpartyName: 'Nordlicht GmbH',
      currency: 'EUR',
      ...document,
    } as never,
  });
  expect(submitted.errors).toEqual([]);
  const drafted = await run(
    draftJournalEntry,
    {
      documentId: submitted.result?.documentIds[0] ?? '',
      vendorId: 'ven_nordlicht',
      vendorName: 'Nordlicht GmbH',
      proposed: false,
      defaultAccountCode: '6330',
    },
    { actor: system() },
  );
  expect(drafted.errors).toEqual([]);
  return drafted.result?.draftId ?? '';
}

interface Line {
  account: { code: string };
  side: 'DEBIT' | 'CREDIT';
  money: { amount: string };
  taxCode: string | null;
  taxRole: string | null;
}

interface DraftData {
  lines: Line[];
  findings: { code: string; message: string; remedy: string }[];
  reasons: string[];
  confidence: string;
  journalEntry: { id: string; lines: Line[] } | null;
}

async function read(draftId: string): Promise<DraftData> {
  const lines = 'lines { account { code } side money { amount } taxCode taxRole }';
  const data = await bench.query<{ draft: DraftData }>(
    'transactions',
    `{ draft(id: "${draftId}") { ${lines} findings { code message remedy } reasons confidence journalEntry { id ${lines} } } }`,
  );
  return data.draft;
}

const short = (lines: readonly Line[]) =>
  lines.map(({ side, account, money, taxCode, taxRole }) =>
    [side, account.code, money.amount, taxCode, taxRole].filter((part) => part !== null).join(' '),
  );

const line = (net: string, more: Record<string, string> = {}) => ({ description: 'Hosting', net, ...more });

describe('the taxes of a draft', () => {
  test('lines of two rates are two bases and two taxes, and post with their codes', async () => {
    const draftId = await draft({
      total: '226.00',
      tax: '26.00',
      lines: [line('100.00', { taxRate: '19' }), line('100.00', { taxRate: '7' })],
    });
    const lines = [
      'DEBIT 6330 100.00 DE-STANDARD BASE',
      'DEBIT 6330 100.00 DE-REDUCED BASE',
      'DEBIT 1400 19.00 DE-STANDARD TAX',
      'DEBIT 1400 7.00 DE-REDUCED TAX',
      'CREDIT 2000 226.00',
    ];
    expect(short((await read(draftId)).lines)).toEqual(lines);
    await run(postDraft, { draftId, draftVersion: 1, approvedBy: 'mem_bea' }, { actor: system() });
    const { journalEntry, findings } = await read(draftId);
    expect(findings).toEqual([]);
    expect(short(journalEntry?.lines ?? [])).toEqual(lines);
    const reversed = await run(reverseJournalEntry, {
      journalEntryId: journalEntry?.id ?? '',
      reason: 'Wrong book',
    } as never);
    expect(reversed.errors).toEqual([]);
    const { rows } = await bench.owner.query(
      `select tax_code, tax_role from transactions.journal_line l join transactions.journal_entry e on e.id = l.journal_entry_id
        where e.reversal_of = $1 and tax_code is not null`,
      [journalEntry?.id],
    );
    expect(rows).toHaveLength(4);
  });

  test('the rate of the day of the document counts', async () => {
    const draftId = await draft({
      issuedOn: '2020-08-15',
      total: '116.00',
      tax: '16.00',
      lines: [line('100.00', { taxRate: '16' })],
    });
    const { lines, findings } = await read(draftId);
    expect(short(lines)).toContain('DEBIT 1400 16.00 DE-STANDARD TAX');
    expect(findings).toEqual([]);
  });

  test('a reverse charge stands on both sides and nothing of it is owed to the supplier', async () => {
    const draftId = await draft({
      counterpartyName: 'Lumière SARL',
      country: 'FR',
      taxId: 'FR40303265045',
      total: '100.00',
      tax: '0.00',
      lines: [line('100.00', { taxRate: '0', taxCategory: 'AE' })],
    });
    const { lines, findings } = await read(draftId);
    expect(short(lines)).toEqual([
      'DEBIT 6330 100.00 DE-REVERSE BASE',
      'DEBIT 1410 19.00 DE-REVERSE TAX',
      'CREDIT 2210 19.00 DE-REVERSE TAX',
      'CREDIT 2000 100.00',
    ]);
    expect(findings).toEqual([]);
  });

  test('goods from within the Union are an acquisition, and their sale is a supply without tax', async () => {
    const goods = { total: '50.00', tax: '0.00', lines: [line('50.00', { taxRate: '0', taxCategory: 'K' })] };
    expect(short((await read(await draft({ ...goods, country: 'FR' }))).lines)).toContain(
      'CREDIT 2210 9.50 DE-EU-ACQUISITION TAX',
    );
    expect(
      short((await read(await draft({ ...goods, kind: 'SALES_INVOICE', country: 'FR' }))).lines),
    ).toEqual(['CREDIT 4400 50.00 DE-EU-SUPPLY BASE', 'DEBIT 1200 50.00']);
  });

  test('what cannot be recovered of a tax is cost of the same account', async () => {
    const own = { jurisdiction: 'DE', category: 'S' as const, percent: '13', startsOn: '2000-01-01' };
    await run(createTaxCode, {
      bookId,
      code: 'HALF',
      name: 'Half',
      recoverablePercent: '50',
      ...own,
    } as never);
    // 13 % of 100.10 is 13.013, so 13.01; half of it is 6.505, of which the halves go up to what is recovered.
    const draftId = await draft({
      total: '113.11',
      tax: '13.01',
      lines: [line('100.10', { taxRate: '13' })],
    });
    expect(short((await read(draftId)).lines)).toEqual([
      'DEBIT 6330 100.10 HALF BASE',
      'DEBIT 6330 6.50 HALF TAX',
      'DEBIT 1400 6.51 HALF TAX',
      'CREDIT 2000 113.11',
    ]);
  });

  test("the document's own figure counts, and its difference is a finding that keeps the draft from being sure", async () => {
    const draftId = await draft({
      total: '118.50',
      tax: '18.50',
      lines: [line('100.00', { taxRate: '19' })],
    });
    const { lines, findings, confidence } = await read(draftId);
    expect(short(lines)).toContain('DEBIT 1400 18.50 DE-STANDARD TAX');
    expect(findings).toMatchObject([
      {
        code: 'TAX_DIFFERS',
        message:
          'The document says 18.50 EUR tax; DE-STANDARD with 19 % on 100.00 is 19.00: a difference of 0.50.',
      },
    ]);
    expect(findings[0]?.remedy).toContain('overrideTax');
    expect(Number(confidence)).toBeLessThanOrEqual(0.6);
  });

  test('rounding of each line is no difference', async () => {
    // Three times 0.33 at 19 %: 0.0627 each is 0.06, together 0.18; of the sum 0.99 it is 0.1881, which is 0.19.
    for (const [tax, total] of [
      ['0.18', '1.17'],
      ['0.19', '1.18'],
    ]) {
      const draftId = await draft({
        total,
        tax,
        lines: Array.from({ length: 3 }, () => line('0.33', { taxRate: '19' })),
      });
      expect((await read(draftId)).findings).toEqual([]);
    }
  });

  test.each([
    ['a rate the country never had', {}, '17', 'No tax code of the book stands for 17 % in DE on 2026-03-10'],
    ['the tax of another country', { country: 'FR' }, '20', 'No tax code of the book stands for 20 % in FR'],
  ])('%s stays without a code and is a finding', async (_title, more, taxRate, message) => {
    const tax = `${taxRate}.00`;
    const draftId = await draft({ ...more, total: `1${tax}`, tax, lines: [line('100.00', { taxRate })] });
    const { lines, findings } = await read(draftId);
    expect(short(lines)).toEqual(['DEBIT 6330 100.00', `DEBIT 1400 ${tax}`, `CREDIT 2000 1${tax}`]);
    expect(findings).toMatchObject([{ code: 'TAX_CODE_UNKNOWN', message: expect.stringContaining(message) }]);
  });

  test('a receipt that states no rate is known by its amounts', async () => {
    const draftId = await draft({ kind: 'RECEIPT', total: '23.80', tax: '3.80' });
    expect(short((await read(draftId)).lines)).toContain('DEBIT 1400 3.80 DE-STANDARD TAX');
  });
});

describe('a tax set by hand', () => {
  const standard = { total: '119.00', tax: '19.00', lines: [line('100.00', { taxRate: '19' })] };
  const set = (draftId: string, tax: string, more: Record<string, unknown> = {}) =>
    run(overrideTax, {
      draftId,
      tax: { amount: tax, currency: 'EUR' },
      reason: 'As on paper',
      ...more,
    } as never);

  test('takes the amount exactly, leaves what is owed and says so to whoever approves', async () => {
    const draftId = await draft({ ...standard, total: '118.50', tax: '18.50' });
    expect((await set(draftId, '18.99')).errors).toEqual([]);
    const { lines, reasons, findings } = await read(draftId);
    expect(short(lines)).toEqual([
      'DEBIT 6330 99.51 DE-STANDARD BASE',
      'DEBIT 1400 18.99 DE-STANDARD TAX',
      'CREDIT 2000 118.50',
    ]);
    expect(reasons.at(-1)).toBe('Tax DE-STANDARD set from 18.50 to 18.99: As on paper');
    expect(findings).toEqual([]);
    const changed = (await bench.events()).filter((event) => event.subjectId === draftId).at(-1);
    expect(changed).toMatchObject({
      type: 'draft.changed',
      facts: { draftVersion: 2, changedBy: 'mem_ana' },
    });
    const { rows } = await bench.owner.query<{ record: string }>(
      `select record from kernel.audit_stage where record like $1`,
      [`%overrideTax%${draftId}%`],
    );
    expect(rows[0]?.record).toContain('"reason":"As on paper"');
  });

  test('an approval given before does not post it', async () => {
    const draftId = await draft(standard);
    await set(draftId, '18.00');
    await run(postDraft, { draftId, draftVersion: 1, approvedBy: 'mem_bea' }, { actor: system() });
    expect((await read(draftId)).journalEntry).toBeNull();
    await run(postDraft, { draftId, draftVersion: 2, approvedBy: 'mem_bea' }, { actor: system() });
    expect(short((await read(draftId)).journalEntry?.lines ?? [])).toContain(
      'DEBIT 1400 18.00 DE-STANDARD TAX',
    );
  });

  test('nothing leaves an empty line that is not posted', async () => {
    const draftId = await draft(standard);
    await set(draftId, '0.00');
    await run(postDraft, { draftId, draftVersion: 2, approvedBy: 'mem_bea' }, { actor: system() });
    expect(short((await read(draftId)).journalEntry?.lines ?? [])).toEqual([
      'DEBIT 6330 119.00 DE-STANDARD BASE',
      'CREDIT 2000 119.00',
    ]);
  });

  test('both sides of a reverse charge follow', async () => {
    const draftId = await draft({
      total: '100.00',
      tax: '0.00',
      lines: [line('100.00', { taxCategory: 'AE', taxRate: '0' })],
    });
    await set(draftId, '18.99');
    expect(short((await read(draftId)).lines)).toEqual([
      'DEBIT 6330 100.00 DE-REVERSE BASE',
      'DEBIT 1410 18.99 DE-REVERSE TAX',
      'CREDIT 2210 18.99 DE-REVERSE TAX',
      'CREDIT 2000 100.00',
    ]);
  });

  test.each([
    ['an amount below zero', '-1.00', {}, 'AMOUNT_INVALID'],
    ['more than is owed', '119.01', {}, 'FIELD_INVALID'],
    ['the amount it has', '19.00', {}, 'FIELD_INVALID'],
    ['a tax the draft does not have', '1.00', { taxCode: 'DE-REDUCED' }, 'FIELD_INVALID'],
    ['no reason', '1.00', { reason: ' ' }, 'FIELD_INVALID'],
    ['another currency', '1.00', { tax: { amount: '1.00', currency: 'USD' } }, 'CURRENCY_MISMATCH'],
  ])('%s is refused', async (_title, amount, more, code) => {
    const refused = await set(await draft(standard), amount, more);
    expect(refused.errors).toMatchObject([{ code }]);
  });
});
