import { expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { parseMoney } from '#kernel/money';
import type { LedgerEntry } from '#connectors/ports';
import { accountName, entryLine, faultOf, renderJournal } from './journal-text.ts';

const entry = (more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  id: 'je_01',
  number: 'JE-2026-000001',
  postedOn: calendarDate('2026-01-05'),
  description: 'Invoice 7 of Karia',
  postings: [
    { account: '6000:Hosting', amount: parseMoney('12.34', 'EUR') },
    { account: '2000:Payables', amount: parseMoney('-12.34', 'EUR'), memo: 'INV 7' },
  ],
  ...more,
});

test('an entry stands in the journal with its directives, number, id and fixed decimals', () => {
  expect(renderJournal([entry()])).toBe(
    [
      '; Written by Crossfoot. Keep entries of your own in another file that includes this one.',
      'decimal-mark .',
      'commodity 1000.00 EUR',
      'account 2000:Payables',
      'account 6000:Hosting',
      '',
      '2026-01-05 * (JE-2026-000001) Invoice 7 of Karia  ; entry:je_01',
      '    6000:Hosting  12.34 EUR',
      '    2000:Payables  -12.34 EUR  ; INV 7',
      '',
      '',
    ].join('\n'),
  );
});

test('each currency is declared with its own number of decimals', () => {
  const both = (amount: string, currency: string) => [
    { account: '1', amount: parseMoney(amount, currency) },
    { account: '2', amount: parseMoney(`-${amount}`, currency) },
  ];
  const text = renderJournal([entry({ postings: [...both('1000', 'JPY'), ...both('1.234', 'KWD')] })]);
  expect(text).toContain('commodity 1000. JPY\ncommodity 1000.000 KWD\n');
  expect(text).toContain('    1  1000 JPY\n    2  -1000 JPY\n    1  1.234 KWD\n    2  -1.234 KWD\n');
});

test('no description, number or memo can begin a line, a comment, another id or a date of its own', () => {
  const text = renderJournal([
    entry({
      number: 'A) (B',
      description: 'x\n2026-01-06 * (JE-2) y  ; entry:je_02\u2028; crossfoot end',
      postings: [
        { account: '1', amount: parseMoney('1', 'EUR'), memo: 'date:2020-01-01 [2020-01-02]; a\r\nb' },
        { account: '2', amount: parseMoney('-1', 'EUR') },
      ],
    }),
  ]);
  const lines = text.split('\n');
  expect(lines.filter((line) => /^\d/.test(line))).toEqual([
    '2026-01-05 * (A B) x 2026-01-06 * (JE-2) y , entry:je_02 , crossfoot end  ; entry:je_01',
  ]);
  expect(lines).toContain('    1  1.00 EUR  ; date=2020-01-01 (2020-01-02), a b');
  expect(lines.map((line) => entryLine.exec(line)?.[1]).filter(Boolean)).toEqual(['je_01']);
});

test.each([
  ['2000:Payables', '2000:Payables'],
  ['(1200):[Bank]  of\tAthens', '1200):Bank] of Athens'],
  [' 1 : : * 2;3 ', '1:2,3'],
  ['4000:Sales\u00a0\u00a0EU', '4000:Sales EU'],
  ['::', ''],
])('the account %j is written %j', (given, written) => {
  expect(accountName(given)).toBe(written);
});

test('an entry no journal can hold is told apart with its reason', () => {
  const [first, second] = entry().postings;
  expect(faultOf(entry())).toBeUndefined();
  expect(faultOf(entry({ id: 'je 01' }))).toContain('id');
  expect(faultOf(entry({ postings: [first!] }))).toContain('two postings');
  expect(faultOf(entry({ postings: [{ ...first!, account: ' : ' }, second!] }))).toContain('no account');
  const off = { ...second!, amount: parseMoney('-12.33', 'EUR') };
  expect(faultOf(entry({ postings: [first!, off] }))).toBe('its postings in EUR add up to 0.01, not to zero');
  const mixed = { ...second!, amount: parseMoney('-12.34', 'USD') };
  expect(faultOf(entry({ postings: [first!, mixed] }))).toContain('EUR');
  expect(() => renderJournal([entry({ postings: [first!, mixed] })])).toThrow('JE-2026-000001');
});

test('dimensions are tags of their posting and custom fields tags of their entry', () => {
  const [first, second] = entry().postings;
  const dimensions = { costCentre: 'CC1', project: 'P 7' };
  const text = renderJournal([
    entry({
      postings: [
        { ...first!, dimensions },
        { ...second!, dimensions },
      ],
      fields: { contractNumber: 'A, 12; [2026-01-01]', date: '2026-01-01' },
    }),
  ]);
  expect(text).toContain(
    [
      '    ; contractNumber:A%2C 12%3B %5B2026-01-01%5D',
      '    ; date-:2026-01-01',
      '    6000:Hosting  12.34 EUR  ; costCentre:CC1, project:P 7',
      '    2000:Payables  -12.34 EUR  ; INV 7, costCentre:CC1, project:P 7',
    ].join('\n'),
  );
});
