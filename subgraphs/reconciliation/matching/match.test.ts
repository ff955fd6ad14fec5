import { describe, expect, test } from 'vitest';
import { formatMoney } from '#kernel/money';
import { bankLine, openItem } from './fixtures.ts';
import { matchLines } from './match.ts';
import type { MatchItem, MatchLine } from './model.ts';

const karia = { party: 'p1', name: 'Karia Logistics GmbH', account: 'DE89370400440532013000' };
const lomi = { party: 'p2', name: 'Lomi Foods BV', account: 'NL91ABNA0417164300' };

/** The outcome as one text a line: which lines, which items with how much, found how, automatic or suggested. */
function outcome(lines: readonly MatchLine[], items: readonly MatchItem[]): string[] {
  const { matches, unmatched } = matchLines(lines, items);
  return [
    ...matches.map((match) => {
      const settled = match.items.map(({ id, applied }) => `${id} ${formatMoney(applied)}`).join(' + ');
      const difference =
        match.difference === undefined ? '' : `, difference ${formatMoney(match.difference)}`;
      const decided = match.automatic ? 'automatic' : 'suggested';
      return `${match.lineIds.join(' + ')} = ${settled}${difference} (${match.method}, ${decided})`;
    }),
    ...unmatched.map(({ lineId, reason }) => `${lineId} ${reason}`),
  ];
}

interface Scenario {
  readonly title: string;
  readonly lines: readonly MatchLine[];
  readonly items: readonly MatchItem[];
  readonly expected: readonly string[];
}

const invoice = (id: string, open: string, rest: Partial<Parameters<typeof openItem>[0]> = {}) =>
  openItem({
    id,
    on: '2026-03-01',
    open,
    reference: `INV-2026-10${id.slice(1).padStart(4, '0')}`,
    ...karia,
    ...rest,
  });

const certain: readonly Scenario[] = [
  {
    title: 'an invoice number with the exact amount settles the invoice',
    lines: [bankLine({ id: 'b1', on: '2026-03-10', amount: '119.00', text: 'Invoice inv 2026/100001' })],
    items: [invoice('i1', '119.00'), invoice('i2', '119.00')],
    expected: ['b1 = i1 119.00 (reference, automatic)'],
  },
  {
    title: 'a structured creditor reference settles the item that carries it',
    lines: [bankLine({ id: 'b1', on: '2026-03-10', amount: '50.00', references: ['RF18 5390 0754 7034'] })],
    items: [invoice('i1', '50.00', { paymentReference: 'RF18539007547034' }), invoice('i2', '50.00')],
    expected: ['b1 = i1 50.00 (reference, automatic)'],
  },
  {
    title: 'a payable is settled by money going out',
    lines: [bankLine({ id: 'b1', on: '2026-03-10', amount: '-119.00', text: 'BILL-100001' })],
    items: [invoice('i1', '-119.00', { reference: 'BILL-100001' })],
    expected: ['b1 = i1 -119.00 (reference, automatic)'],
  },
  {
    title: 'several references that add up settle all their items, a credit note included',
    lines: [bankLine({ id: 'b1', on: '2026-03-10', amount: '150.00', text: '100001, 100002 less 100003' })],
    items: [invoice('i1', '119.00'), invoice('i2', '51.00'), invoice('i3', '-20.00')],
    expected: ['b1 = i1 119.00 + i2 51.00 + i3 -20.00 (several-references, automatic)'],
  },
  {
    title: 'of two items with one number the one that has the amount is settled',
    lines: [bankLine({ id: 'b1', on: '2026-03-10', amount: '80.00', text: '100001', account: lomi.account })],
    items: [invoice('i1', '30.00'), invoice('i2', '80.00', { reference: 'R-100001', ...lomi })],
    expected: ['b1 = i2 80.00 (reference, automatic)'],
  },
  {
    title: 'a number that several suppliers use is read by who was paid, also for several invoices at once',
    lines: [
      bankLine({ id: 'b1', on: '2026-03-10', amount: '-75.00', text: '4711 4712', account: lomi.account }),
    ],
    items: [
      invoice('i1', '-45.00', { reference: '4711' }),
      invoice('i2', '-30.00', { reference: '4712' }),
      invoice('i3', '-40.00', { reference: '4711', ...lomi }),
      invoice('i4', '-35.00', { reference: '4712', ...lomi }),
    ],
    expected: ['b1 = i3 -40.00 + i4 -35.00 (several-references, automatic)'],
  },
  {
    title: 'an exact amount from the account of the party settles its only item of that amount',
    lines: [
      bankLine({ id: 'b1', on: '2026-03-10', amount: '87.13', account: 'DE89 3704 0044 0532 0130 00' }),
    ],
    items: [invoice('i1', '87.13'), invoice('i2', '87.13', lomi)],
    expected: ['b1 = i1 87.13 (amount-and-party, automatic)'],
  },
  {
    title: 'a payout settles the sales its report lists, less the fee',
    lines: [bankLine({ id: 'b1', on: '2026-03-10', amount: '96.80', text: 'STRIPE PAYOUT po_1Ab77' })],
    items: [
      invoice('i1', '60.00', { group: 'po_1Ab77' }),
      invoice('i2', '40.00', { group: 'po_1Ab77' }),
      invoice('i3', '36.80'),
    ],
    expected: ['b1 = i1 60.00 + i2 40.00, difference -3.20 (group-report, automatic)'],
  },
  {
    title: 'a payment run settles exactly the payables in our batch file',
    lines: [bankLine({ id: 'b1', on: '2026-03-10', amount: '-75.00', references: ['SEPA-991'] })],
    items: [invoice('i1', '-45.00', { group: 'SEPA-991' }), invoice('i2', '-30.00', { group: 'SEPA-991' })],
    expected: ['b1 = i1 -45.00 + i2 -30.00 (group-report, automatic)'],
  },
  {
    title: 'two instalments that name one invoice settle it together',
    lines: [
      bankLine({ id: 'b1', on: '2026-03-10', amount: '60.00', text: '100001 part 1' }),
      bankLine({ id: 'b2', on: '2026-04-10', amount: '59.00', text: '100001 part 2' }),
    ],
    items: [invoice('i1', '119.00')],
    expected: ['b1 + b2 = i1 119.00 (instalments, automatic)'],
  },
  {
    title: 'an instalment that names nothing is found by the party and the exact rest of the named one',
    lines: [
      bankLine({ id: 'b1', on: '2026-03-10', amount: '60.00', text: '100001', account: karia.account }),
      bankLine({ id: 'b2', on: '2026-04-10', amount: '59.00', from: 'KARIA LOGISTICS' }),
    ],
    items: [invoice('i1', '119.00'), invoice('i2', '500.00')],
    expected: ['b1 + b2 = i1 119.00 (instalments, automatic)'],
  },
  {
    title: 'two payments that both name the same three invoices settle them together',
    lines: [
      bankLine({ id: 'b1', on: '2026-03-10', amount: '100.00', text: '100001 100002 100003' }),
      bankLine({ id: 'b2', on: '2026-03-12', amount: '90.00', text: '100001 100002 100003' }),
    ],
    items: [invoice('i1', '119.00'), invoice('i2', '51.00'), invoice('i3', '20.00')],
    expected: ['b1 + b2 = i1 119.00 + i2 51.00 + i3 20.00 (several-lines, automatic)'],
  },
];

const suggested: readonly Scenario[] = [
  {
    title: 'a part of a named invoice is suggested for that part, and the rest stays open for the next line',
    lines: [
      bankLine({ id: 'b1', on: '2026-03-10', amount: '40.00', text: '100001' }),
      bankLine({ id: 'b2', on: '2026-03-20', amount: '30.00', text: '100001' }),
    ],
    items: [invoice('i1', '119.00')],
    expected: [
      'b1 = i1 40.00 (reference-with-difference, suggested)',
      'b2 = i1 30.00 (reference-with-difference, suggested)',
    ],
  },
  {
    title: 'a named invoice paid less two per cent is suggested whole with the discount as the difference',
    lines: [bankLine({ id: 'b1', on: '2026-03-05', amount: '980.00', text: '100001' })],
    items: [invoice('i1', '1000.00')],
    expected: ['b1 = i1 1000.00, difference -20.00 (reference-with-difference, suggested)'],
  },
  {
    title: 'too much paid for a named invoice is suggested with the excess as the difference',
    lines: [bankLine({ id: 'b1', on: '2026-03-05', amount: '120.00', text: '100001' })],
    items: [invoice('i1', '119.00')],
    expected: ['b1 = i1 119.00, difference 1.00 (reference-with-difference, suggested)'],
  },
  {
    title: 'a named invoice in another currency is suggested',
    lines: [bankLine({ id: 'b1', on: '2026-03-05', amount: '92.00', text: '100001' })],
    items: [invoice('i1', '100.00', { currency: 'USD' })],
    expected: ['b1 = i1 100.00 (reference-other-currency, suggested)'],
  },
  {
    title: 'an amount only one open item has is suggested when the bank names nobody',
    lines: [bankLine({ id: 'b1', on: '2026-03-05', amount: '87.13' })],
    items: [invoice('i1', '87.13'), invoice('i2', '87.14')],
    expected: ['b1 = i1 87.13 (unique-amount, suggested)'],
  },
  {
    title:
      'a mistyped number is suggested with the item of the party that has the amount, not with the item it names',
    lines: [
      bankLine({
        id: 'b1',
        on: '2026-03-05',
        amount: '80.00',
        text: 'INV-2026-100011',
        account: karia.account,
      }),
    ],
    items: [
      invoice('i101', '80.00'),
      invoice('i11', '64.00', lomi),
      invoice('i3', '80.00', { on: '2026-02-27' }),
    ],
    expected: ['b1 = i101 80.00 (amount-and-party, suggested)'],
  },
  {
    title: 'two equal items of one party are never settled automatically by a line that names neither',
    lines: [bankLine({ id: 'b1', on: '2026-03-08', amount: '50.00', account: karia.account })],
    items: [invoice('i1', '50.00'), invoice('i2', '50.00', { on: '2026-03-03' })],
    expected: ['b1 = i2 50.00 (amount-and-party, suggested)'],
  },
];

const unmatched: readonly Scenario[] = [
  {
    title: 'the second payment of one invoice is a duplicate',
    lines: [
      bankLine({ id: 'b2', on: '2026-03-12', amount: '119.00', text: '100001', account: karia.account }),
      bankLine({ id: 'b1', on: '2026-03-10', amount: '119.00', text: '100001', account: karia.account }),
    ],
    items: [invoice('i1', '119.00'), invoice('i2', '119.00')],
    expected: ['b1 = i1 119.00 (reference, automatic)', 'b2 DUPLICATE'],
  },
  {
    title: 'a returned payment and its return leave the invoice open',
    lines: [
      bankLine({ id: 'b1', on: '2026-03-10', amount: '119.00', text: '100001' }),
      bankLine({ id: 'b2', on: '2026-03-13', amount: '-119.00', text: 'RETURN 100001 MD06', reversal: true }),
    ],
    items: [invoice('i1', '119.00')],
    expected: ['b1 RETURNED', 'b2 RETURNED'],
  },
  {
    title: 'a payment after a return settles the invoice',
    lines: [
      bankLine({ id: 'b1', on: '2026-03-10', amount: '119.00', text: '100001' }),
      bankLine({ id: 'b2', on: '2026-03-13', amount: '-119.00', text: '100001', reversal: true }),
      bankLine({ id: 'b3', on: '2026-03-20', amount: '119.00', text: '100001' }),
    ],
    items: [invoice('i1', '119.00')],
    expected: ['b3 = i1 119.00 (reference, automatic)', 'b1 RETURNED', 'b2 RETURNED'],
  },
  {
    title:
      'money going out again for an invoice that was paid is a return, also when the bank does not mark it',
    lines: [
      bankLine({ id: 'b1', on: '2026-03-10', amount: '119.00', text: 'INV-2026-100001' }),
      bankLine({ id: 'b2', on: '2026-03-13', amount: '-119.00', text: 'back INV-2026-100001' }),
    ],
    items: [invoice('i1', '119.00')],
    expected: ['b1 RETURNED', 'b2 RETURNED'],
  },
  {
    title: 'a return of a payment that is not among the open lines says so',
    lines: [bankLine({ id: 'b1', on: '2026-03-13', amount: '-119.00', text: '100001', reversal: true })],
    items: [invoice('i1', '119.00')],
    expected: ['b1 RETURNED'],
  },
  {
    title: 'a payout that its report does not explain is left with both sums',
    lines: [bankLine({ id: 'b1', on: '2026-03-10', amount: '40.00', text: 'PAYOUT po_1Ab77' })],
    items: [invoice('i1', '600.00', { group: 'po_1Ab77' })],
    expected: ['b1 AMOUNT_DIFFERS'],
  },
  {
    title: 'an item of the right amount that is far too old is not guessed',
    lines: [bankLine({ id: 'b1', on: '2026-12-10', amount: '119.00', account: karia.account })],
    items: [invoice('i1', '119.00')],
    expected: ['b1 AMBIGUOUS'],
  },
  {
    title: 'money in never settles a payable',
    lines: [bankLine({ id: 'b1', on: '2026-03-10', amount: '119.00', account: karia.account })],
    items: [invoice('i1', '-119.00')],
    expected: ['b1 NO_CANDIDATE'],
  },
  {
    title: 'a bank charge nobody expects has no candidate',
    lines: [bankLine({ id: 'b1', on: '2026-03-10', amount: '-2.50', text: 'ACCOUNT FEE' })],
    items: [invoice('i1', '119.00')],
    expected: ['b1 NO_CANDIDATE'],
  },
  {
    title: 'an amount in another currency is another amount',
    lines: [
      bankLine({ id: 'b1', on: '2026-03-10', amount: '119.00', currency: 'CHF', account: karia.account }),
    ],
    items: [invoice('i1', '119.00')],
    expected: ['b1 NO_CANDIDATE'],
  },
];

describe('settled without a person', () => {
  test.each(certain)('$title', ({ lines, items, expected }) =>
    expect(outcome(lines, items)).toEqual(expected),
  );
});

describe('suggested for a person to decide', () => {
  test.each(suggested)('$title', ({ lines, items, expected }) =>
    expect(outcome(lines, items)).toEqual(expected),
  );
});

describe('left with a reason', () => {
  test.each(unmatched)('$title', ({ lines, items, expected }) =>
    expect(outcome(lines, items)).toEqual(expected),
  );
});

describe('combinations', () => {
  const items = [
    invoice('i1', '1234.56'),
    invoice('i2', '871.09'),
    invoice('i3', '4310.77'),
    invoice('i4', '96.40'),
    invoice('i5', '2207.31'),
  ];
  test('the only combination of the party that adds up is taken, with how many items were searched', () => {
    const line = bankLine({ id: 'b1', on: '2026-03-09', amount: '3174.80', account: karia.account });
    const [match] = matchLines([line], items).matches;
    expect(match).toMatchObject({ method: 'combination', automatic: false });
    expect(match!.items.map(({ id }) => id)).toEqual(['i2', 'i4', 'i5']);
    expect(match!.confidence).toBeGreaterThan(9_500);
    expect(match!.evidence.map(({ detail }) => detail)).toContain(
      'It is the only combination of 4 open items of the party that adds up.',
    );
  });
  test('references to some of the items are completed by the one combination that makes up the rest', () => {
    const line = bankLine({ id: 'b1', on: '2026-03-09', amount: '3174.80', text: '100005' });
    const [match] = matchLines([line], items).matches;
    expect(match).toMatchObject({ method: 'references-completed' });
    expect(match!.items.map(({ id }) => id).sort()).toEqual(['i2', 'i4', 'i5']);
  });
  test('two combinations that add up settle nothing', () => {
    const line = bankLine({ id: 'b1', on: '2026-03-09', amount: '300.00', account: karia.account });
    const equal = ['i1', 'i2', 'i3'].map((id) => invoice(id, '150.00'));
    const { matches, unmatched } = matchLines([line], equal);
    expect(matches).toEqual([]);
    expect(unmatched).toMatchObject([{ lineId: 'b1', reason: 'AMBIGUOUS' }]);
    expect(unmatched[0]!.detail).toContain(
      'Several combinations of open items of Karia Logistics GmbH add up',
    );
  });
});

describe('what a match says for itself', () => {
  test('evidence names the reference, the amount, the party and the delay', () => {
    const line = bankLine({
      id: 'b1',
      on: '2026-03-10',
      amount: '119.00',
      text: '100001',
      account: karia.account,
      from: 'Karia',
    });
    const [match] = matchLines([line], [invoice('i1', '119.00')]).matches;
    expect(match!.evidence.map(({ signal }) => signal)).toEqual(['reference', 'amount', 'party', 'date']);
    expect(match!.evidence.map(({ detail }) => detail)).toEqual([
      'The number 100001 stands in the payment and belongs to INV-2026-100001, Karia Logistics GmbH.',
      'The payment is exactly what is settled of the item.',
      'The account ending in 3000 is known for Karia Logistics GmbH.',
      'Booked 9 days after the item was issued.',
    ]);
  });
  test('rivals are named with why they were not taken', () => {
    const line = bankLine({ id: 'b1', on: '2026-03-08', amount: '50.00', account: karia.account });
    const items = [invoice('i1', '50.00'), invoice('i2', '50.00', { on: '2026-01-20' })];
    const [match] = matchLines([line], items).matches;
    expect(match!.items[0]!.id).toBe('i1');
    expect(match!.rivals).toHaveLength(1);
    expect(match!.rivals[0]).toMatchObject({
      itemIds: ['i2'],
      label: 'INV-2026-100002, Karia Logistics GmbH',
    });
    expect(match!.rivals[0]!.confidence).toBeLessThan(match!.confidence);
    expect(match!.rivals[0]!.reason).toContain('issued 2026-01-20');
  });
  test('a duplicate points to the first payment', () => {
    const lines = [
      bankLine({ id: 'b1', on: '2026-03-10', amount: '119.00', text: '100001' }),
      bankLine({ id: 'b2', on: '2026-03-12', amount: '119.00', text: '100001' }),
    ];
    const [left] = matchLines(lines, [invoice('i1', '119.00')]).unmatched;
    expect(left).toMatchObject({ lineId: 'b2', reason: 'DUPLICATE', relatedLineIds: ['b1'] });
    expect(left!.detail).toContain('was paid before, on 2026-03-10');
  });
  test('a payer known to be somebody else lowers the confidence in a bare number', () => {
    const line = bankLine({
      id: 'b1',
      on: '2026-03-10',
      amount: '119.00',
      text: '100001',
      account: lomi.account,
    });
    const items = [invoice('i1', '119.00'), invoice('i2', '7.00', lomi)];
    const [match] = matchLines([line], items).matches;
    expect(match).toMatchObject({ method: 'reference', automatic: false });
    expect(match!.evidence.find(({ signal }) => signal === 'party')).toEqual({
      signal: 'party',
      score: 0,
      detail: 'The payment seems to come from Lomi Foods BV, the item is of Karia Logistics GmbH.',
    });
  });
  test('a book can ask for more certainty before anything is automatic', () => {
    const line = bankLine({ id: 'b1', on: '2026-03-10', amount: '119.00', text: '100001' });
    const [match] = matchLines([line], [invoice('i1', '119.00')], { automaticFrom: 10_000 }).matches;
    expect(match!.automatic).toBe(false);
  });
});
