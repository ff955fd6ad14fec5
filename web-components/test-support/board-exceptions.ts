import type { SimulatedBank } from './simulated-bank.ts';
import { euro, people } from './simulated-entities.ts';
import { hour } from './simulated-exceptions.ts';

const question = 'Hello,\n\nplease tell us which of them the payment is for.';

function askOf(whom: string): { id: string; kind: string; label: string; [field: string]: unknown } {
  const followUpOn = new Date(Date.now() + 7 * 24 * hour).toISOString().slice(0, 10);
  return {
    id: 'ask',
    kind: 'ASK',
    label: `Ask ${whom}, and come back to it on ${followUpOn}.`,
    message: question,
    followUpOn,
    vendor: { id: 'vn_1', name: whom, status: 'ACTIVE' },
  };
}

function paying(bank: SimulatedBank, id: string, amount: string): object[] {
  return [{ applied: euro(amount), openItem: bank.items.find((item) => item.id === id) }];
}

/** What needs a person on the board, late and not, with every kind of way out. */
export function describeExceptions(bank: SimulatedBank): void {
  describeTwice(bank);
  describeShort(bank);
  describeParking(bank);
}

function describeTwice(bank: SimulatedBank): void {
  bank.exceptions.describe('sl_twice', {
    knowledgeNote: 'Café Vela writes one invoice for each visit; ask Mara for the slips.',
    proposals: [
      { id: 'match-1', kind: 'MATCH', label: 'Match with 8841.', items: paying(bank, 'oi_vela_1', '-42.80') },
      { id: 'match-2', kind: 'MATCH', label: 'Match with 8842.', items: paying(bank, 'oi_vela_2', '-42.80') },
      askOf('Café Vela'),
    ],
  });
}

function describeShort(bank: SimulatedBank): void {
  bank.exceptions.describe('sl_short', {
    severity: 'HIGH',
    detail: 'SI-2026-045 is open with 600.00 EUR; 12.00 EUR less was paid.',
    dueAt: new Date(Date.now() - 50 * hour).toISOString(),
    escalatedAt: new Date(Date.now() - 26 * hour).toISOString(),
    owner: people.ana,
    comments: [
      {
        id: 'exc_1',
        kind: 'COMMENT',
        text: 'They take 2 % if they pay within ten days.',
        authorName: people.ana.name,
        writtenAt: new Date(Date.now() - 30 * hour).toISOString(),
      },
    ],
    proposals: [
      {
        id: 'charge',
        kind: 'MATCH',
        label: 'Match with SI-2026-045 and book the difference of 12.00 EUR to 4730.',
        accountCode: '4730',
        items: paying(bank, 'oi_hafen', '600.00'),
      },
      {
        id: 'part',
        kind: 'MATCH',
        label: 'Match with SI-2026-045; 12.00 EUR stays open.',
        items: paying(bank, 'oi_hafen', '588.00'),
      },
      askOf('Hafen Café'),
    ],
  });
}

function describeParking(bank: SimulatedBank): void {
  bank.exceptions.describe('sl_parking', {
    severity: 'LOW',
    detail: 'Nothing open answers to it.',
    sameAs: 14,
    proposals: [
      {
        id: 'rule-1',
        kind: 'MAKE_RULE',
        label: 'Same as 14 earlier ones, booked to 4530: make it a rule.',
        accountCode: '4530',
        rule: {
          id: 'rp_1',
          takes: 'payments to Parkhaus Mitte',
          total: 14,
          accountCode: '4530',
          memo: null,
          upTo: euro('178.00'),
          backTest: { right: 11, wrong: 0, none: 3 },
          lines: bank.lines
            .filter(({ id }) => id === 'sl_parking')
            .map((line) => ({ ...line, bookedAccountCode: '4530' })),
        },
      },
      {
        id: 'book-4530',
        kind: 'BOOK',
        label: 'Book 89.00 EUR to 4530, as 14 times before.',
        accountCode: '4530',
      },
      { id: 'close', kind: 'RESOLVE', label: 'Close as once before: paid privately.' },
      askOf('Parkhaus Mitte'),
    ],
  });
}
