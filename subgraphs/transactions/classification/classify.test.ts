import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldName } from '#kernel/names';
import { expenseAccounts, otherExpenses, salesRevenue } from './accounts.ts';
import { classify, type ClassifiedDocument, type MappingRule } from './classify.ts';

function document(
  lines: readonly { description?: string; category?: string; net?: bigint }[],
  more: Partial<ClassifiedDocument> = {},
): ClassifiedDocument {
  return {
    kind: 'INVOICE',
    counterpartyName: 'Unbekannt GmbH',
    lines: lines.map((line) => ({
      description: line.description ?? '',
      category: line.category,
      net: { minor: line.net ?? 100n },
    })),
    ...more,
  };
}

const rule = (more: Partial<MappingRule>): MappingRule => ({
  id: 'rule_1',
  name: 'Ours',
  accountCode: '5900',
  ...more,
});

describe('the order in which an account is found', () => {
  const hotel = document([{ description: 'Hotel, two nights', category: 'Software' }]);
  const rules = [rule({ documentKind: 'INVOICE' })];
  const vendor = { vendorName: 'Unbekannt GmbH', accountCode: '6310' };

  test('a rule comes before everything', () => {
    expect(classify(hotel, rules, vendor)).toEqual({
      accountCode: '5900',
      confidence: 9_900,
      reasons: ['Rule "Ours" says 5900, because the kind is INVOICE.'],
      ruleId: 'rule_1',
    });
  });

  test('the account of the vendor comes before the category', () => {
    expect(classify(hotel, [], vendor)).toEqual({
      accountCode: '6310',
      confidence: 9_000,
      reasons: ['6310 is the default account of Unbekannt GmbH.'],
    });
  });

  test('the category of the sender comes before words', () => {
    expect(classify(hotel, [])).toEqual({
      accountCode: '6837',
      confidence: 8_000,
      reasons: ['The category "Software" is one of Software (6837).'],
    });
  });

  test('words of the line come before those of the counterparty and the note', () => {
    const taxi = document([{ description: 'Taxi to the fair' }], {
      counterpartyName: 'Pizzeria',
      note: 'toner',
    });
    expect(classify(taxi, [])).toEqual({
      accountCode: '6670',
      confidence: 7_000,
      reasons: ['The word "taxi" in the line is one of Travel (6670).'],
    });
    expect(classify(document([{}], { counterpartyName: 'Pizzeria Roma' }), []).accountCode).toBe('6640');
    expect(classify(document([{}], { note: 'two boxes of toner' }), []).accountCode).toBe('6815');
  });

  test('a document that says nothing goes to other expenses with little confidence', () => {
    const found = classify(document([{ description: 'Position 1' }]), []);
    expect(found).toMatchObject({ accountCode: otherExpenses.code, confidence: 3_000 });
    expect(found.reasons[0]).toContain('placeholder');
    expect(classify(document([]), []).accountCode).toBe(otherExpenses.code);
  });

  test('a sales invoice goes to revenue, whatever its lines name and whoever the customer is', () => {
    const sale = document([{ description: 'Hotel website hosting' }], { kind: 'SALES_INVOICE' });
    expect(classify(sale, [], vendor)).toMatchObject({ accountCode: salesRevenue.code, confidence: 8_000 });
    expect(classify(sale, [rule({ documentKind: 'SALES_INVOICE', accountCode: '4450' })]).accountCode).toBe(
      '4450',
    );
  });
});

describe('when a rule fits', () => {
  const expense = document([{ category: 'Reise' }], {
    kind: 'EXPENSE',
    counterpartyName: 'Deutsche Bahn AG',
  });

  test.each<[string, Partial<MappingRule>, boolean]>([
    ['a part of the name in any case', { vendorNameContains: 'BAHN' }, true],
    ['a part of another name', { vendorNameContains: 'Bahnhof' }, false],
    ['a condition of signs only', { vendorNameContains: '!!' }, false],
    ['the category of a line', { category: 'reise' }, true],
    ['a part of the category', { category: 'rei' }, false],
    ['the kind', { documentKind: 'EXPENSE' }, true],
    ['another kind', { documentKind: 'INVOICE' }, false],
    [
      'all of several conditions',
      { vendorNameContains: 'bahn', category: 'Reise', documentKind: 'EXPENSE' },
      true,
    ],
    ['one of several conditions', { vendorNameContains: 'bahn', category: 'Büro' }, false],
  ])('%s', (_title, conditions, fits) => {
    expect(classify(expense, [rule(conditions)]).ruleId).toBe(fits ? 'rule_1' : undefined);
  });

  test('the first rule that fits decides, and brings its tax account', () => {
    const rules = [
      rule({ id: 'rule_0', vendorNameContains: 'Post' }),
      rule({ vendorNameContains: 'Bahn', accountCode: '6670', taxAccountCode: '1400' }),
      rule({ id: 'rule_2', documentKind: 'EXPENSE' }),
    ];
    expect(classify(expense, rules)).toMatchObject({
      ruleId: 'rule_1',
      accountCode: '6670',
      taxAccountCode: '1400',
    });
  });
});

describe('documents of several lines', () => {
  test('the larger part decides and the rest is named, with less confidence', () => {
    const mixed = document([
      { category: 'Meals', net: 1_000n },
      { category: 'Hotel', net: 9_000n },
      { category: 'Lunch', net: 1_000n },
    ]);
    const found = classify(mixed, []);
    expect(found).toMatchObject({ accountCode: '6670', confidence: 5_000 });
    expect(found.reasons).toContain(
      'Other lines point to Meals and entertainment (6640); the largest part decides.',
    );
  });

  test('lines that say nothing are counted', () => {
    const { accountCode, confidence, reasons } = classify(document([{ category: 'Travel' }, {}, {}]), []);
    expect([accountCode, confidence]).toEqual(['6670', 8_000]);
    expect(reasons).toContain('2 of 3 lines say nothing.');
  });

  test('a discount weighs by its size, not against its account', () => {
    const found = classify(
      document([
        { category: 'Travel', net: -500n },
        { category: 'Meals', net: 100n },
      ]),
      [],
    );
    expect(found.accountCode).toBe('6670');
  });
});

describe('words', () => {
  test.each([
    ['Bewirtung', '6640'],
    ['Übernachtung', '6670'],
    ['Expenses: Travel', '6670'],
    ['6815', '6815'],
    ['OFFICE SUPPLIES', '6815'],
    ['Büro', '6815'],
  ])('the category %s is %s', (category, code) => {
    expect(classify(document([{ category }]), []).accountCode).toBe(code);
  });

  test.each([
    ['Restaurantbesuch mit Kunden', '6640'],
    ['Versandkosten', '6740'],
    ['AWS EMEA SARL', '6330'],
    ['GitHub Team, 5 seats', '6837'],
    ['shipping of office supplies', '6815'],
    ['Upset customer', otherExpenses.code],
    ['parental leave', otherExpenses.code],
  ])('the text "%s" leads to %s', (description, code) => {
    expect(classify(document([{ description }]), []).accountCode).toBe(code);
  });

  test('every word of the table leads to one account only', () => {
    const owners = new Map<string, Set<string>>();
    for (const { code, categories } of expenseAccounts)
      for (const word of categories) {
        const key = foldName(word);
        owners.set(key, (owners.get(key) ?? new Set()).add(code));
      }
    expect([...owners].filter(([, codes]) => codes.size > 1)).toEqual([]);
  });

  test('every category of the table is found again, and codes are unique', () => {
    for (const { code, categories } of expenseAccounts)
      for (const category of categories)
        expect([category, classify(document([{ category }]), []).accountCode]).toEqual([category, code]);
    const codes = [...expenseAccounts.map(({ code }) => code), otherExpenses.code, salesRevenue.code];
    expect(new Set(codes).size).toBe(codes.length);
  });
});

test('any document gets an account, a confidence in range and at least one reason', () => {
  const line = fc.record({
    description: fc.string(),
    category: fc.option(fc.string(), { nil: undefined }),
    net: fc.bigInt(-1_000n, 1_000n),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), fc.string(), (lines, counterpartyName) => {
      const found = classify(document(lines, { counterpartyName }), []);
      expect(found.accountCode).toMatch(/^\d{4}$/);
      expect(found.confidence).toBeGreaterThanOrEqual(3_000);
      expect(found.confidence).toBeLessThanOrEqual(8_000);
      expect(found.reasons.length).toBeGreaterThan(0);
    }),
  );
});
