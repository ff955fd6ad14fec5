import { describe, expect, test } from 'vitest';
import type { BusinessDocument } from '#connectors/ports';
import { calendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import {
  generalProblems,
  normaliseDocument,
  normaliseNumber,
  normaliseProblem,
  normaliseTaxId,
} from './normalise-document.ts';

const book = { id: 'bk_1', legalName: 'Acme Trading GmbH', taxId: 'DE123456789', country: 'DE' };
const eur = (minor: bigint) => money(minor, 'EUR');

function invoice(change: Partial<BusinessDocument> = {}): BusinessDocument {
  return {
    kind: 'invoice',
    number: ' R-1 ',
    issuedOn: calendarDate('2026-03-01'),
    currency: 'EUR',
    seller: { name: 'Nordlicht GmbH', taxId: 'DE136695976', iban: 'DE89370400440532013000' },
    buyer: { name: 'Acme Trading GmbH' },
    lines: [{ description: ' Chair ', net: eur(10000n), tax: eur(1900n) }],
    net: eur(10000n),
    tax: eur(1900n),
    gross: eur(11900n),
    payable: eur(5000n),
    line: 1,
    ...change,
  };
}

const directionOf = (change: Partial<BusinessDocument>) => {
  const { document, problems } = normaliseDocument(invoice(change), book);
  return [document.kind, document.counterparty.name, ...problems.map((problem) => problem.code)];
};

describe('what a document is to the book', () => {
  test.each<[string, Partial<BusinessDocument>, string[]]>([
    ['the buyer has the name', {}, ['INVOICE', 'Nordlicht GmbH']],
    ['the name in another form', { buyer: { name: 'ACME Trading G.m.b.H.' } }, ['INVOICE', 'Nordlicht GmbH']],
    [
      'the tax number alone',
      { buyer: { name: 'A. T.', taxId: 'DE 123.456.789' } },
      ['INVOICE', 'Nordlicht GmbH'],
    ],
    [
      'the tax number without country',
      { buyer: { name: 'A. T.', taxId: '123456789' } },
      ['INVOICE', 'Nordlicht GmbH'],
    ],
    ['a credit note', { kind: 'credit-note' }, ['CREDIT_NOTE', 'Nordlicht GmbH']],
    [
      'the seller is the book',
      { seller: { name: 'acme trading' }, buyer: { name: 'Havn ApS' } },
      ['SALES_INVOICE', 'Havn ApS'],
    ],
    [
      'a sale to nobody',
      { seller: { name: 'acme trading' }, buyer: undefined },
      ['SALES_INVOICE', undefined as never, 'FIELD_MISSING'],
    ],
    [
      'another buyer',
      { buyer: { name: 'Acme Trading Holding GmbH' } },
      ['INVOICE', 'Nordlicht GmbH', 'DOCUMENT_DIRECTION_UNKNOWN'],
    ],
    [
      'another tax number and name',
      { buyer: { name: 'Acme', taxId: 'DE123456788' } },
      ['INVOICE', 'Nordlicht GmbH', 'DOCUMENT_DIRECTION_UNKNOWN'],
    ],
    ['no buyer', { buyer: undefined }, ['INVOICE', 'Nordlicht GmbH', 'DOCUMENT_DIRECTION_UNKNOWN']],
    [
      'the book on both sides',
      { seller: { name: 'Acme Trading' } },
      ['INVOICE', 'Acme Trading', 'DOCUMENT_DIRECTION_UNKNOWN'],
    ],
    ['an expense has no direction', { kind: 'expense', buyer: undefined }, ['EXPENSE', 'Nordlicht GmbH']],
  ])('%s', (_title, change, expected) => {
    expect(directionOf(change)).toEqual(expected);
  });

  test('two companies without a name are not the same company', () => {
    const { problems } = normaliseDocument(invoice({ buyer: { name: ' ' } }), {
      ...book,
      legalName: ' ',
      taxId: '',
    });
    expect(problems).toMatchObject([{ code: 'DOCUMENT_DIRECTION_UNKNOWN' }]);
  });
});

test('texts are trimmed and amounts kept, what is left to pay included', () => {
  const { document } = normaliseDocument(invoice(), book);
  expect(document).toMatchObject({
    number: 'R-1',
    lines: [{ description: 'Chair' }],
    amounts: { total: eur(11900n), payable: eur(5000n) },
    counterparty: { taxId: 'DE136695976', iban: 'DE89370400440532013000' },
  });
});

test('an invoice below zero is a credit note with every amount turned', () => {
  const change = {
    net: eur(-10000n),
    tax: eur(-1900n),
    gross: eur(-11900n),
    payable: eur(-11900n),
    lines: [{ description: 'Chair', net: eur(-10000n), tax: eur(-1900n) }],
  };
  const { document, problems } = normaliseDocument(invoice(change), book);
  expect(document).toMatchObject({
    kind: 'CREDIT_NOTE',
    amounts: { net: eur(10000n), tax: eur(1900n), total: eur(11900n), payable: eur(11900n) },
    lines: [{ net: eur(10000n), tax: eur(1900n) }],
  });
  expect(problems).toMatchObject([{ blocking: false }]);
});

test('a credit note to a customer lowers sales and is left to people', () => {
  const change: Partial<BusinessDocument> = {
    kind: 'credit-note',
    seller: { name: 'Acme Trading' },
    buyer: { name: 'Havn' },
  };
  const { document } = normaliseDocument(invoice(change), book);
  expect(document).toMatchObject({ kind: 'SALES_INVOICE', amounts: { total: eur(-11900n) } });
  expect(generalProblems(document)).toMatchObject([{ code: 'DOCUMENT_UNSUPPORTED', blocking: true }]);
});

test('numbers and tax numbers compare without spacing, punctuation and case', () => {
  expect(normaliseNumber('re-2026/001 a')).toBe('RE2026001A');
  expect(normaliseNumber('0012')).not.toBe(normaliseNumber('12'));
  expect(normaliseNumber('№ 七')).toBe('NO七');
  expect(normaliseNumber('--')).toBe('--');
  expect(normaliseTaxId('de 136.695-976')).toBe('DE136695976');
});

test('what a reader found is told in the fields of this stage', () => {
  const problem = { severity: 'error', message: 'No.', path: ['seller', 'name'] } as const;
  expect(normaliseProblem({ ...problem, code: 'FIELD_MISSING' })).toMatchObject({
    code: 'FIELD_MISSING',
    path: ['counterpartyName'],
    blocking: true,
  });
  const other = normaliseProblem({ severity: 'warning', message: 'Odd.', code: 'toString', path: ['gross'] });
  expect(other).toMatchObject({ code: 'FIELD_INVALID', path: ['total'], blocking: false });
});
