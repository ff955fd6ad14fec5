import { SimulatedBooks } from './simulated-books.ts';
import { euro, matchOf } from './simulated-entities.ts';
import { describeExceptions } from './board-exceptions.ts';
import type { SimulatedItem, SimulatedLine } from './simulated-line.ts';

const parties = [
  ['Paper & Co.', 'PC-5531', '-76.15'],
  ['Studio Falk', 'SI-2026-031', '1892.00'],
  ['Nordlicht Hosting', 'NH-20418', '-1284.50'],
  ['Brightline Rail', 'BR-77120', '-418.00'],
  ['Hafen Café', 'SI-2026-044', '640.00'],
  ['Osito Software', '2026-114', '-2240.00'],
  ['Kestrel Outdoor', 'SI-2026-039', '12480.00'],
  ['Bergmann & Töchter', 'SI-2026-041', '310.75'],
] as const;
const certainties = ['0.99', '0.97', '0.94', '0.88', '0.71', '0.96', '0.99', '0.58'];

function day(place: number): string {
  return new Date(Date.UTC(2026, 10, 20) - Math.floor(place / 4) * 86_400_000).toISOString().slice(0, 10);
}

/** The facts of an open item. */
export function itemOf(id: string, [name, number, open]: readonly [string, string, string]): SimulatedItem {
  return {
    id,
    kind: open.startsWith('-') ? 'PAYABLE' : 'RECEIVABLE',
    label: number,
    reference: number,
    counterpartyName: name,
    dueOn: '2026-11-14',
    amount: euro(open),
    open: euro(open),
  };
}

/** A bank line with the suggestion for it. */
function suggest(books: SimulatedBooks, place: number): void {
  const { bank } = books;
  const [payer, item, amount] = parties[place]!;
  const confidence = certainties[place] ?? '0.9';
  const match = matchOf({ id: `mt_${place}`, payer, item, amount, applied: amount, confidence });
  const [line] = match['lines'] as Record<string, unknown>[];
  const [paid] = match['items'] as { openItem: SimulatedItem }[];
  Object.assign(line!, {
    bookedOn: day(place),
    valueOn: day(place),
    remittance: `Invoice ${item} thank you`,
  });
  match['lines'] = [bank.addLine(line!)];
  if (paid) bank.items.push(paid.openItem);
  books.matches.push(match);
}

/** Books for the board: suggestions, exceptions, open lines and done ones, and what they may settle. */
export function boardBooks(): SimulatedBooks {
  const books = new SimulatedBooks();
  books.bank.counted = true;
  const { bank } = books;
  const statement = {
    id: 'st_1',
    reference: '2026-11',
    bankAccount: { id: 'ba_1', name: 'Current account', ibanLastFour: '8801' },
  };
  for (const place of parties.keys()) suggest(books, place);
  const line = (id: string, place: number, facts: Record<string, unknown>): SimulatedLine =>
    bank.addLine({ id, bookedOn: day(place), valueOn: day(place), reference: null, statement, ...facts });
  line('sl_twice', 9, {
    counterpartyName: 'Café Vela',
    remittance: 'Card payment 8841',
    amount: euro('-42.80'),
    exceptionReason: 'AMBIGUOUS',
  });
  line('sl_short', 10, {
    counterpartyName: 'Hafen Café',
    remittance: 'SI-2026-045 less discount',
    amount: euro('588.00'),
    exceptionReason: 'AMOUNT_DIFFERS',
  });
  line('sl_fee', 11, { counterpartyName: 'Bank', remittance: 'Account fee October', amount: euro('-9.90') });
  line('sl_three', 12, {
    counterpartyName: 'Freight Lindqvist',
    remittance: 'FL-301 FL-302 FL-303',
    amount: euro('-900.00'),
  });
  line('sl_half_1', 13, {
    counterpartyName: 'Kestrel Outdoor',
    remittance: 'Part 1',
    amount: euro('500.00'),
  });
  line('sl_half_2', 14, {
    counterpartyName: 'Kestrel Outdoor',
    remittance: 'Part 2',
    amount: euro('700.00'),
  });
  line('sl_parking', 14, {
    counterpartyName: 'Parkhaus Mitte',
    remittance: 'Monthly parking',
    amount: euro('-89.00'),
    exceptionReason: 'NO_CANDIDATE',
  });
  const done = line('sl_rent', 15, {
    counterpartyName: 'Hausverwaltung Nord',
    remittance: 'Rent November',
    amount: euro('-1850.00'),
  });
  done.bookedAccountCode = '6310';
  bank.items.push(
    itemOf('oi_301', ['Freight Lindqvist', 'FL-301', '-400.00']),
    itemOf('oi_302', ['Freight Lindqvist', 'FL-302', '-350.00']),
    itemOf('oi_303', ['Freight Lindqvist', 'FL-303', '-250.00']),
    itemOf('oi_kestrel', ['Kestrel Outdoor', 'SI-2026-052', '1200.00']),
    itemOf('oi_vela_1', ['Café Vela', '8841', '-42.80']),
    itemOf('oi_vela_2', ['Café Vela', '8842', '-42.80']),
    itemOf('oi_hafen', ['Hafen Café', 'SI-2026-045', '600.00']),
  );
  describeExceptions(bank);
  return books;
}

/** Books with so many bank lines of which nothing is known. */
export function manyLines(count: number): SimulatedBooks {
  const books = new SimulatedBooks();
  books.bank.counted = true;
  for (let place = 0; place < count; place += 1) {
    const name = parties[place % parties.length]?.[0] ?? '';
    books.bank.addLine({
      id: `sl_${place.toString().padStart(6, '0')}`,
      bookedOn: day(place / 20),
      valueOn: null,
      counterpartyName: name,
      reference: null,
      remittance: `Payment ${place}`,
      amount: euro(`${place % 2 === 0 ? '' : '-'}${place + 1}.50`),
      statement: null,
    });
  }
  return books;
}
