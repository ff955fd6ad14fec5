import { describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import type { LedgerEntry } from '#connectors/ports';
import type { WrittenJournal } from '#connectors/journal-ports';
import { beancountAccount, beancountWriter } from './journal-writer.ts';

const entry: LedgerEntry = {
  id: 'je_1',
  number: 'JE-2026-000001',
  postedOn: calendarDate('2026-02-03'),
  description: 'Rent, "back room"\nMarch \\ April',
  fields: { Reference: 'A1', entry: 'own' },
  postings: [
    {
      account: '6310',
      amount: money(1234567n, 'KWD'),
      worth: money(368845n, 'EUR'),
      dimensions: { costCentre: 'CC1' },
    },
    { account: '1000', amount: money(-1234567n, 'KWD'), worth: money(-368845n, 'EUR'), memo: 'paid' },
  ],
};

function journal(entries: readonly LedgerEntry[]): WrittenJournal {
  return {
    title: 'Acme "GmbH"',
    currency: 'EUR',
    firstOn: calendarDate('2026-01-01'),
    accounts: [
      { code: '1000', name: 'Bank', type: 'ASSET' },
      { code: '6310', name: 'Rent', type: 'EXPENSE' },
    ],
    entries: (async function* () {
      yield entries;
    })(),
  };
}

async function written(entries: readonly LedgerEntry[]): Promise<string> {
  let text = '';
  for await (const part of beancountWriter.write(journal(entries))) text += part;
  return text;
}

describe('a journal for beancount', () => {
  test('has options, accounts and entries with all decimals and what they are worth', async () => {
    expect(await written([entry])).toBe(`option "title" "Acme \\"GmbH\\""
option "operating_currency" "EUR"

2026-01-01 open Assets:1000
  name: "Bank"
2026-01-01 open Expenses:6310
  name: "Rent"

2026-02-03 * "Rent, \\"back room\\" March \\\\ April" ^JE-2026-000001
  entry: "je_1"
  reference: "A1"
  entry-: "own"
  Expenses:6310  1234.567 KWD
    worth: 3688.45 EUR
    costCentre: "CC1"
  Assets:1000  -1234.567 KWD
    worth: -3688.45 EUR
    memo: "paid"
`);
  });

  test('refuses an entry that does not balance in a currency, which beancount itself might let pass', async () => {
    const [first, ...rest] = entry.postings;
    const postings = [{ account: '6310', amount: money(1234568n, 'KWD') }, ...rest];
    expect(first).toBeDefined();
    await expect(written([{ ...entry, postings }])).rejects.toMatchObject({ code: 'SYNC_REFUSED' });
  });

  test.each([
    ['1000', 'Assets:1000'],
    ['10.1', 'Assets:10-2E1'],
    ['10-1', 'Assets:10-2D1'],
    ['bank', 'Assets:0-bank'],
  ])('names the account %s %s, and no two alike', (code, name) => {
    expect(beancountAccount({ code, type: 'ASSET' })).toBe(name);
  });
});
