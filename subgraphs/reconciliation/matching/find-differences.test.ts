import { describe, expect, test } from 'vitest';
import { formatMoney } from '#kernel/money';
import { bankLine, openItem } from './fixtures.ts';
import { matchLines } from './match.ts';
import type { MatchItem, MatchLine } from './model.ts';

const karia = { party: 'p1', name: 'Karia Logistics GmbH', account: 'DE89370400440532013000' };
const from = { account: karia.account };

const item = (id: string, open: string, rest: Partial<Parameters<typeof openItem>[0]> = {}) =>
  openItem({
    id,
    on: '2026-03-01',
    open,
    reference: `RE-70${id.slice(1).padStart(4, '0')}`,
    ...karia,
    ...rest,
  });

function outcome(lines: readonly MatchLine[], items: readonly MatchItem[]): string[] {
  return matchLines(lines, items).matches.map(({ lineIds, items: uses, method, difference }) => {
    const settled = uses.map(({ id, applied }) => `${id} ${formatMoney(applied)}`).join(' + ');
    const rest = difference === undefined ? '' : `, difference ${formatMoney(difference)}`;
    return `${lineIds.join(' + ')} = ${settled}${rest} (${method})`;
  });
}

describe('credit notes', () => {
  test('that are exactly what is missing are settled with the invoice that is named', () => {
    const line = bankLine({ id: 'b1', on: '2026-03-20', amount: '81.34', text: 'RE-700001', ...from });
    expect(outcome([line], [item('i1', '119.00'), item('i2', '-37.66'), item('i3', '-40.00')])).toEqual([
      'b1 = i1 119.00 + i2 -37.66 (references-completed)',
    ]);
  });
  test('that are not quite what is missing stay open', () => {
    const line = bankLine({ id: 'b1', on: '2026-03-20', amount: '81.34', text: 'RE-700001', ...from });
    expect(outcome([line], [item('i1', '119.00'), item('i2', '-37.65')])).toEqual([
      'b1 = i1 81.34 (reference-with-difference)',
    ]);
  });
  test('are found for the one invoice that less a credit is the amount, when nothing is named', () => {
    const line = bankLine({ id: 'b1', on: '2026-03-20', amount: '81.34', ...from });
    expect(outcome([line], [item('i1', '119.00'), item('i2', '-37.66'), item('i3', '250.00')])).toEqual([
      'b1 = i1 119.00 + i2 -37.66 (combination)',
    ]);
  });
});

describe('what is missing from a payment', () => {
  const fees = [1, 2, 3].map((index) =>
    bankLine({ id: `f${index}`, on: '2026-03-12', amount: `${index}88.50`, text: `RE-70000${index + 4}` }),
  );
  const feeItems = [1, 2, 3].map((index) => item(`i${index + 4}`, `${index}99.99`));
  test('is a fee when it is missing again and again, and a part of the debt otherwise', () => {
    const lines = [
      ...fees,
      bankLine({ id: 'b1', on: '2026-03-20', amount: '38.51', text: 'RE-700001' }),
      bankLine({ id: 'b2', on: '2026-03-20', amount: '30.00', text: 'RE-700002' }),
    ];
    const found = outcome(lines, [...feeItems, item('i1', '50.00'), item('i2', '50.00')]);
    expect(found).toContain('b1 = i1 50.00, difference -11.49 (reference-with-difference)');
    expect(found).toContain('b2 = i2 30.00 (reference-with-difference)');
  });
});

describe('parts of a debt', () => {
  test('equal payments that name nothing and are together the invoice settle it', () => {
    const lines = ['2026-03-10', '2026-04-10', '2026-05-09'].map((on, index) =>
      bankLine({ id: `b${index}`, on, amount: index === 2 ? '33.34' : '33.33', ...from }),
    );
    expect(outcome(lines, [item('i1', '100.00'), item('i2', '71.20')])).toEqual([
      'b0 + b1 + b2 = i1 100.00 (instalments)',
    ]);
  });
  test('a payment that names nothing follows an equal part that named the invoice', () => {
    const lines = [
      bankLine({ id: 'b1', on: '2026-03-10', amount: '250.00', text: 'RE-700001', ...from }),
      bankLine({ id: 'b2', on: '2026-04-10', amount: '250.00', ...from }),
    ];
    expect(outcome(lines, [item('i1', '1000.00')])).toEqual([
      'b1 = i1 250.00 (reference-with-difference)',
      'b2 = i1 250.00 (instalments)',
    ]);
  });
  test('two payments that name nothing settle the only items that are together what they are', () => {
    const lines = [
      bankLine({ id: 'b1', on: '2026-03-10', amount: '613.27', ...from }),
      bankLine({ id: 'b2', on: '2026-03-14', amount: '402.91', ...from }),
    ];
    const items = [item('i1', '871.09'), item('i2', '145.09'), item('i3', '990.50')];
    expect(outcome(lines, items)).toEqual(['b1 + b2 = i1 871.09 + i2 145.09 (several-lines)']);
  });
});

describe('numbers that are not quite right', () => {
  test('settle the item of the amount, although the number as written is a stranger’s', () => {
    const stranger = { party: 'p2', name: 'Lomi Foods BV', account: 'NL91ABNA0417164300' };
    const line = bankLine({ id: 'b1', on: '2026-03-20', amount: '87.13', text: 'RE-700012' });
    expect(outcome([line], [item('i21', '87.13'), item('i12', '64.00', stranger)])).toEqual([
      'b1 = i21 87.13 (amount-and-party)',
    ]);
  });
  test('a short customer number is hardly a reason', () => {
    const line = bankLine({ id: 'b1', on: '2026-03-20', amount: '10.00', text: 'client 5369' });
    const [match] = matchLines([line], [item('i1', '640.00', { reference: 'F-2601-05369' })]).matches;
    expect(match?.confidence ?? 0).toBeLessThan(5_000);
  });
});

describe('other readings of a named item', () => {
  test('an item named in another currency is not read as a sum of others that adds up', () => {
    const line = bankLine({ id: 'b1', on: '2026-03-10', amount: '92.00', text: 'RE-700001', ...from });
    const items = [item('i1', '100.00', { currency: 'USD' }), item('i2', '50.15'), item('i3', '41.85')];
    expect(outcome([line], items)).toEqual(['b1 = i1 100.00 (reference-other-currency)']);
  });
  test('an exact discount is plainer than a credit that happens to be as much', () => {
    const line = bankLine({ id: 'b1', on: '2026-03-08', amount: '171.56', text: 'RE-700001', ...from });
    expect(outcome([line], [item('i1', '176.87'), item('i2', '-5.31')])).toEqual([
      'b1 = i1 176.87, difference -5.31 (reference-with-difference)',
    ]);
  });
  test('a small round excess makes a rest that one item happens to be a doubtful one', () => {
    const line = bankLine({ id: 'b1', on: '2026-03-20', amount: '20.01', text: 'RE-700001', ...from });
    const [match] = matchLines([line], [item('i1', '15.01'), item('i2', '5.00')]).matches;
    expect(match).toMatchObject({ method: 'references-completed', automatic: false });
    expect(match!.confidence).toBeLessThan(9_000);
  });
});

test('a second payment is a duplicate although its text holds a number that is a stranger’s', () => {
  const stranger = { party: 'p2', name: 'Lomi Foods BV', account: 'NL91ABNA0417164300' };
  const lines = ['2026-03-10', '2026-03-12'].map((on, index) =>
    bankLine({ id: `b${index}`, on, amount: '119.00', text: 'RE-700001 client 64826', ...from }),
  );
  const items = [
    item('i1', '119.00'),
    item('i2', '119.00'),
    item('i3', '7.00', { reference: 'X-64826', ...stranger }),
  ];
  expect(matchLines(lines, items).unmatched).toMatchObject([{ lineId: 'b1', reason: 'DUPLICATE' }]);
});
