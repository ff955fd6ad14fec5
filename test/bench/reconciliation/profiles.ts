/** What happens in the life of a book; each is a kind of the truth. */
export type EventKind =
  | 'named'
  | 'silent'
  | 'garbled'
  | 'paid-by-another'
  | 'fee-kept'
  | 'discount'
  | 'other-currency'
  | 'several-items'
  | 'credit-netted'
  | 'instalments'
  | 'part-paid'
  | 'overpaid'
  | 'paid-twice'
  | 'payout'
  | 'payment-run'
  | 'several-to-several'
  | 'returned'
  | 'own-transfer'
  | 'bank-charge'
  | 'stranger';

/** How hard a book is: which events happen how often, and how carelessly people write. */
export interface Profile {
  /** Shares of events; they need not add up to one. */
  readonly events: Readonly<Partial<Record<EventKind, number>>>;
  /** 1 is the usual carelessness in names. */
  readonly noise: number;
  /** How many amounts are prices that many share. */
  readonly usualPrices: number;
  /** Items nobody pays, as a share of those somebody does. */
  readonly unpaid: number;
  /** Payments that hold numbers which name nothing. */
  readonly asides: number;
  /** Payments that tell the payer's account, and the payer's name. */
  readonly accounts: number;
  readonly names: number;
  /** The longest lag in days; unlimited unless said. */
  readonly longestLag?: number;
}

/** The profiles there are. */
export type ProfileName = 'easy' | 'medium' | 'hard' | 'plain';

const medium: Profile = {
  events: {
    named: 38,
    silent: 10,
    garbled: 7,
    'paid-by-another': 1,
    'fee-kept': 3,
    discount: 3,
    'other-currency': 4,
    'several-items': 9,
    'credit-netted': 1.5,
    instalments: 4,
    'part-paid': 3,
    overpaid: 1.5,
    'paid-twice': 1.5,
    payout: 2,
    'payment-run': 2,
    'several-to-several': 1,
    returned: 1.5,
    'own-transfer': 1,
    'bank-charge': 4,
    stranger: 3.5,
  },
  noise: 1,
  usualPrices: 0.15,
  unpaid: 0.25,
  asides: 0.15,
  accounts: 0.75,
  names: 0.93,
};

function withHardEvents(factor: number): Profile['events'] {
  const plain = new Set(['named', 'bank-charge', 'stranger']);
  return Object.fromEntries(
    Object.entries(medium.events).map(([kind, share]) => [kind, plain.has(kind) ? share : share * factor]),
  );
}

/** Every profile by its name; `plain` holds one payment for one item within five days, the ground of simple importers. */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
  easy: {
    ...medium,
    events: withHardEvents(0.4),
    noise: 0.4,
    usualPrices: 0.05,
    unpaid: 0.1,
    asides: 0.05,
    accounts: 0.9,
  },
  medium,
  hard: {
    ...medium,
    events: withHardEvents(1.7),
    noise: 1.7,
    usualPrices: 0.3,
    unpaid: 0.5,
    asides: 0.35,
    accounts: 0.5,
    names: 0.85,
  },
  plain: {
    ...medium,
    events: { named: 70, silent: 20, garbled: 10 },
    usualPrices: 0.1,
    unpaid: 0.1,
    longestLag: 5,
  },
};
