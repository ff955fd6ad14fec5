import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import type { DocumentKind, IntakeDocument } from './document.ts';
import { hashOfRecord, keysOf, KnownDocuments, ordinalCounter, type Candidate } from './fingerprint.ts';

interface Made {
  readonly kind?: DocumentKind;
  readonly number?: string;
  readonly name?: string;
  readonly taxId?: string;
  readonly total?: bigint;
  readonly currency?: string;
  readonly day?: string;
  readonly employee?: string;
}

function document(made: Made = {}): IntakeDocument {
  const {
    kind = 'INVOICE',
    total = 11900n,
    currency = 'EUR',
    name = 'Nordlicht GmbH',
    day = '2026-03-01',
  } = made;
  const whole = money(total, currency);
  return {
    kind,
    number: 'number' in made ? made.number : 'R-1',
    issuedOn: calendarDate(day),
    counterparty: { name, taxId: made.taxId },
    currency,
    amounts: { net: whole, tax: money(0n, currency), total: whole, payable: whole },
    lines: [],
    employee: made.employee,
  };
}

const fingerprint = (made?: Made, ordinal?: number) => keysOf(document(made), ordinal).fingerprint;

describe('the fingerprint of a numbered document', () => {
  test('spelling of name and number and the day do not matter', () => {
    expect(fingerprint({ number: 'r 1', name: 'NORDLICHT', day: '2026-04-01' })).toBe(fingerprint());
    expect(fingerprint({ taxId: 'DE 1', name: 'Other' })).toBe(fingerprint({ taxId: 'de1' }));
  });

  test.each<[string, Made]>([
    ['kind', { kind: 'CREDIT_NOTE' }],
    ['number', { number: 'R-2' }],
    ['counterparty', { name: 'Südlicht GmbH' }],
    ['total', { total: 11901n }],
    ['currency', { currency: 'USD' }],
  ])('another %s is another document', (_title, made) => {
    expect(fingerprint(made)).not.toBe(fingerprint());
  });

  test('a document that lacks a part of it has none', () => {
    expect(fingerprint({ number: undefined })).toBeUndefined();
    expect(keysOf(document({ kind: 'EXPENSE', number: 'R-1' })).numberKey).toBeUndefined();
    expect(keysOf({ ...document(), amounts: undefined }).fingerprint).toBeUndefined();
    expect(keysOf({ ...document(), counterparty: {} }).fingerprint).toBeUndefined();
  });
});

describe('the fingerprint of an expense', () => {
  const coffee: Made = {
    kind: 'EXPENSE',
    number: undefined,
    name: 'Café Zoë',
    total: 450n,
    employee: 'Ada Lind',
  };

  test.each<[string, Made]>([
    ['day', { day: '2026-03-02' }],
    ['merchant', { name: 'Café Zwei' }],
    ['total', { total: 451n }],
    ['employee', { employee: 'Bo Berg' }],
    ['number', { number: 'B-1' }],
  ])('another %s is another expense', (_title, made) => {
    expect(fingerprint({ ...coffee, ...made })).not.toBe(fingerprint(coffee));
  });

  test('the second equal coffee of a file is not the first, the second of the next file is the second', () => {
    const count = () => {
      const ordinalOf = ordinalCounter();
      return [coffee, coffee, { ...coffee, total: 500n }].map((one) => ordinalOf(document(one)));
    };
    expect(count()).toEqual([1, 2, 1]);
    expect(count()).toEqual([1, 2, 1]);
    expect(fingerprint(coffee, 2)).not.toBe(fingerprint(coffee, 1));
  });

  test('equal invoices of one file are one invoice', () => {
    const ordinalOf = ordinalCounter();
    expect([ordinalOf(document()), ordinalOf(document())]).toEqual([1, 1]);
  });
});

function candidate(made: Made = {}, more: Partial<Candidate> = {}): Candidate {
  const one = document(made);
  return {
    ...keysOf(one),
    kind: one.kind,
    number: one.number,
    recordHash: hashOfRecord('fields', JSON.stringify({ ...made, total: String(made.total) }), 1),
    corrected: false,
    totalMinor: one.amounts?.total.minor,
    currency: one.currency,
    ...more,
  };
}

const beside = (known: Candidate, one: Candidate) => {
  const documents = new KnownDocuments([]);
  documents.add({ ...known, id: 'doc_1' });
  return documents.recognise(one).found;
};

describe('a document beside one that is known', () => {
  test('the same with a tax number on one of the copies only is the same', () => {
    expect(beside(candidate({ taxId: 'DE1' }), candidate())).toBe('same');
    expect(beside(candidate(), candidate({ taxId: 'DE1' }))).toBe('same');
  });

  test('the same name with two tax numbers is two companies', () => {
    expect(beside(candidate({ taxId: 'DE1' }), candidate({ taxId: 'DE2' }))).toBe('new');
  });

  test('the same number with another total or currency is a conflict', () => {
    expect(beside(candidate(), candidate({ total: 1n }))).toBe('other-total');
    expect(beside(candidate(), candidate({ currency: 'USD' }))).toBe('other-total');
    expect(beside(candidate(), candidate({ total: 1n, name: 'Südlicht' }))).toBe('new');
    expect(beside(candidate(), candidate({ total: 1n, kind: 'CREDIT_NOTE' }))).toBe('new');
  });

  test('the numbers of receipts and expenses prove nothing', () => {
    const till: Made = { kind: 'RECEIPT', number: '0001' };
    expect(beside(candidate(till), candidate({ ...till, total: 1n }))).toBe('new');
  });

  test('an equal record counts where its content cannot: unreadable, corrected since, or of the same file', () => {
    const record = { recordHash: 'h', numberKey: undefined };
    const blank = { ...record, fingerprint: undefined };
    expect(beside(candidate({}, blank), candidate({}, blank))).toBe('same');
    expect(beside(candidate({ total: 1n }, record), candidate({}, record))).toBe('new');
    expect(beside(candidate({ total: 1n }, { ...record, corrected: true }), candidate({}, record))).toBe(
      'same',
    );
    const file = { ...record, fileId: 'file_1' };
    expect(beside(candidate({ total: 1n }, file), candidate({}, file))).toBe('same');
  });
});

test('whatever the spelling, a document is recognised again and a changed total never passes for the same', () => {
  const spelling = fc.constantFrom(
    (text: string) => text,
    (text: string) => ` ${text.toLowerCase()} `,
    (text: string) => text.split('').join(' '),
  );
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Z0-9]{1,12}$/),
      spelling,
      fc.bigInt(1n, 10n ** 12n),
      fc.bigInt(1n, 1000n),
      (number, spell, total, more) => {
        const known = candidate({ number, total });
        expect(beside(known, candidate({ number: spell(number), total }))).toBe('same');
        expect(beside(known, candidate({ number: spell(number), total: total + more }))).toBe('other-total');
      },
    ),
  );
});
