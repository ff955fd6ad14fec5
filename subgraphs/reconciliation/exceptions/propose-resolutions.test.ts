import { describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { proposeResolutions, type Candidate, type Situation } from './propose-resolutions.ts';

const situation = (fields: Partial<Situation> = {}): Situation => ({
  reason: 'NO_CANDIDATE',
  detail: 'Nothing fits.',
  line: {
    minor: -15_000n,
    currency: 'EUR',
    bookedOn: '2026-03-02',
    counterpartyName: 'Nordlicht GmbH',
    text: 'Rechnungen',
  },
  heldStatement: false,
  candidates: [],
  earlier: {},
  followUpOn: calendarDate('2026-03-09'),
  ...fields,
});
const candidate = (...items: readonly [id: string, open: bigint, applied?: bigint][]): Candidate => ({
  score: 9_000,
  items: items.map(([id, openMinor, appliedMinor = openMinor]) => ({
    openItemId: `oi_${id}`,
    label: id,
    openMinor,
    appliedMinor,
    currency: 'EUR',
    vendorId: 'ven_1',
  })),
});
const labels = (fields: Partial<Situation>) =>
  proposeResolutions(situation(fields)).map(({ kind, label }) => [kind, label]);

describe('proposals', () => {
  test('a charge is booked to the account for charges, or to one the caller names', () => {
    const line = { minor: -1_250n, currency: 'EUR', bookedOn: '2026-03-02', text: 'Entgelt' };
    const [known] = proposeResolutions(
      situation({ reason: 'FEE_UNKNOWN', line, chargesAccountCode: '4970' }),
    );
    expect(known).toEqual({
      id: 'book-charge',
      kind: 'BOOK',
      label: 'Book 12.50 EUR bank charge to 4970.',
      accountCode: '4970',
      memo: 'Bank charge',
    });
    const [unknown] = proposeResolutions(situation({ reason: 'FEE_UNKNOWN', line }));
    expect(unknown).toMatchObject({ id: 'book-charge', label: 'Book 12.50 EUR bank charge.' });
    expect(unknown?.accountCode).toBeUndefined();
  });

  test('a line is split over items that add up to it exactly', () => {
    const both = candidate(['INV-7', -10_000n], ['INV-9', -5_000n]);
    const [split] = proposeResolutions(situation({ reason: 'AMBIGUOUS', candidates: [both] }));
    expect(split).toMatchObject({
      id: 'split-oi_INV-7.oi_INV-9',
      kind: 'SPLIT',
      label: 'Split over INV-7 and INV-9.',
      items: [
        { openItemId: 'oi_INV-7', appliedMinor: -10_000n },
        { openItemId: 'oi_INV-9', appliedMinor: -5_000n },
      ],
    });
    const short = candidate(['INV-7', -10_000n], ['INV-8', -4_999n]);
    expect(labels({ reason: 'AMBIGUOUS', candidates: [short] }).map(([kind]) => kind)).toEqual(['ASK']);
  });

  test('an item is matched in full or in part, and never beyond what is open of it', () => {
    expect(labels({ reason: 'AMBIGUOUS', candidates: [candidate(['INV-7', -15_000n])] })[0]).toEqual([
      'MATCH',
      'Match with INV-7.',
    ]);
    expect(
      labels({ reason: 'AMOUNT_DIFFERS', candidates: [candidate(['INV-7', -20_000n, -15_000n])] })[0],
    ).toEqual(['MATCH', 'Match with INV-7; 50.00 EUR stays open.']);
    const other = [candidate(['INV-1', -14_000n]), candidate(['INV-2', 15_000n])];
    expect(labels({ candidates: other }).map(([kind]) => kind)).toEqual(['ASK']);
  });

  test('a small difference may be booked as a charge, a large one not', () => {
    const small = { reason: 'AMOUNT_DIFFERS' as const, chargesAccountCode: '4970' };
    const [first] = proposeResolutions(situation({ ...small, candidates: [candidate(['INV-7', -14_500n])] }));
    expect(first).toMatchObject({
      kind: 'MATCH',
      label: 'Match with INV-7 and book the difference of 5.00 EUR to 4970.',
      accountCode: '4970',
    });
    const large = proposeResolutions(situation({ ...small, candidates: [candidate(['INV-7', -14_000n])] }));
    expect(large.map(({ kind }) => kind)).toEqual(['ASK']);
  });

  test('what earlier lines were booked to comes first, and the rule they suggest before it', () => {
    const booked = { accountCode: '4240', memo: 'Power', times: 14 };
    const rule = { proposalId: 'rp_1', accountCode: '4240', total: 14 };
    expect(labels({ earlier: { booked, rule }, candidates: [candidate(['INV-7', -15_000n])] })).toEqual([
      ['MAKE_RULE', 'Same as 14 earlier ones, booked to 4240: make it a rule.'],
      ['BOOK', 'Book 150.00 EUR to 4240, as 14 times before.'],
      ['MATCH', 'Match with INV-7.'],
      ['ASK', 'Ask Nordlicht GmbH, and come back to it on 2026-03-09.'],
    ]);
  });

  test('what closed lines like it is proposed in the same words', () => {
    const closed = { resolution: 'Private', times: 2 };
    expect(labels({ earlier: { closed } })[0]).toEqual(['RESOLVE', 'Close as 2 times before: Private']);
  });

  test('the draft of a question names payment, text and what is open', () => {
    const asked = proposeResolutions(situation({ candidates: [candidate(['INV-7', -14_000n])] })).at(-1);
    expect(asked?.message).toContain('on 2026-03-02 we paid you 150.00 EUR ("Rechnungen")');
    expect(asked?.message).toContain('INV-7 with 140.00 EUR');
    expect(asked).toMatchObject({ vendorId: 'ven_1', followUpOn: '2026-03-09' });
    const bare = proposeResolutions(situation()).at(-1);
    expect(bare?.message).toContain('Please send us the invoice');
  });

  test('a statement held back may be used as it is; whatever else has no line is asked about', () => {
    const { line: _line, ...none } = situation({ reason: 'STATEMENT_UNBALANCED', heldStatement: true });
    expect(proposeResolutions(none).map(({ kind }) => kind)).toEqual(['RELEASE', 'ASK']);
    expect(proposeResolutions({ ...none, heldStatement: false })).toMatchObject([
      { kind: 'ASK', message: 'Nothing fits. Please tell us what happened and how to go on.' },
    ]);
  });

  test('no two proposals share an id', () => {
    const all = proposeResolutions(
      situation({
        reason: 'FEE_UNKNOWN',
        chargesAccountCode: '4970',
        earlier: {
          booked: { accountCode: '4240', times: 3 },
          closed: { resolution: 'Private', times: 1 },
          rule: { proposalId: 'rp_1', accountCode: '4240', total: 6 },
        },
        candidates: [
          candidate(['INV-7', -15_100n, -15_000n]),
          candidate(['INV-8', -15_000n]),
          candidate(['INV-5', -10_000n], ['INV-6', -5_000n]),
        ],
      }),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(6);
  });
});
