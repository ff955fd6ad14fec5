import type { SimulatedBooks } from './simulated-books.ts';
import { euro } from './simulated-entities.ts';

/** What the bank accounts still leave open. */
export function summaryOf(books: SimulatedBooks): unknown[] {
  if (books.bank.counted) {
    const counts = books.bank.counts();
    return [
      {
        bankAccount: { id: 'ba_1', name: 'Current account' },
        unmatched: counts['UNMATCHED'] ?? 0,
        suggested: counts['SUGGESTED'] ?? 0,
        matched: counts['MATCHED'] ?? 0,
        exceptions: counts['EXCEPTION'] ?? 0,
        booked: counts['BOOKED'] ?? 0,
        unreconciled: [],
      },
    ];
  }
  const suggested = books.matches.filter(({ status }) => status === 'SUGGESTED').length;
  return [
    {
      bankAccount: { id: 'ba_1', name: 'Current account' },
      unmatched: 5,
      suggested,
      matched: 214,
      exceptions: 2,
      booked: 9,
      unreconciled: [euro('3912.40')],
    },
    {
      bankAccount: { id: 'ba_2', name: 'Card account' },
      unmatched: 2,
      suggested: 0,
      matched: 88,
      exceptions: 0,
      booked: 1,
      unreconciled: [euro('118.00'), ...books.foreign],
    },
  ];
}
