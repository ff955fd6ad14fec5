import { strangerName } from './parties.ts';
import type { Maker, Settled } from './maker.ts';
import type { EventKind } from './profiles.ts';
import type { ItemRow } from './rows.ts';

type Event = (maker: Maker) => void;

const total = (items: readonly ItemRow[]): number => items.reduce((sum, { amount }) => sum + amount, 0);
const whole = (items: readonly ItemRow[]): Settled[] => items.map((item) => [item, item.amount]);
const times = <Made>(count: number, make: (index: number) => Made): Made[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** One item and one payment of exactly its amount. */
function single(kind: EventKind, naming: 'well' | 'badly' | 'not'): Event {
  return (maker) => {
    const party = maker.party();
    const day = maker.day();
    const item = maker.item({ party, day, amount: maker.direction() * maker.amount(party) });
    const paid = { party, day: day + maker.lag(), amount: item.amount, items: [item], naming };
    maker.truth(kind, [maker.pay(paid)], whole([item]));
  };
}

function paidByAnother(maker: Maker): void {
  const day = maker.day();
  const owner = maker.party();
  const item = maker.item({ party: owner, day, amount: maker.amount(owner) });
  const paid = { party: maker.party(), day: day + maker.lag(), amount: item.amount };
  maker.truth('paid-by-another', [maker.pay({ ...paid, items: [item], naming: 'well' })], whole([item]));
}

function feeKept(maker: Maker): void {
  const party = maker.party();
  const day = maker.day();
  const item = maker.item({ party, day, amount: maker.amount(party) + 5_000 });
  const amount = item.amount - maker.chance.oneOf([150, 500, 750, 1_000, 1_500, 2_500]);
  const naming = maker.chance.happens(0.7) ? 'well' : 'not';
  maker.truth(
    'fee-kept',
    [maker.pay({ party, day: day + maker.lag(), amount, items: [item], naming })],
    whole([item]),
  );
}

function discount(maker: Maker): void {
  const party = maker.party();
  const day = maker.day();
  const item = maker.item({ party, day, amount: maker.direction() * (maker.amount(party) + 2_000) });
  const amount = item.amount - Math.round(item.amount * maker.chance.oneOf([0.02, 0.02, 0.03]));
  const naming = maker.chance.happens(0.8) ? 'well' : 'not';
  const paid = { party, day: day + maker.chance.whole(1, 12), amount, items: [item], naming } as const;
  maker.truth('discount', [maker.pay(paid)], whole([item]));
}

/** Euro for one unit, and the decimals, of each currency. */
const currencies: Readonly<Record<string, readonly [number, number]>> = {
  EUR: [1, 2],
  USD: [0.91, 2],
  GBP: [1.16, 2],
  CHF: [1.06, 2],
  SEK: [0.089, 2],
  JPY: [0.0062, 0],
  KWD: [2.98, 3],
};

function otherCurrency(maker: Maker): void {
  const party = maker.party();
  const day = maker.day();
  const home = maker.dialect.currency;
  const currency = maker.chance.oneOf(Object.keys(currencies).filter((code) => code !== home));
  const [rate = 1, decimals = 2] = currencies[currency] ?? [];
  const [homeRate = 1, homeDecimals = 2] = currencies[home] ?? [];
  const euros = (maker.amount(party) + 1_000) / 100;
  const item = maker.item({
    party,
    day,
    amount: maker.direction() * Math.max(1, Math.round((euros / rate) * 10 ** decimals)),
    currency,
  });
  const bankRate = (rate / homeRate) * (1 + (maker.chance.next() - 0.5) * 0.03);
  const amount = Math.round((item.amount / 10 ** decimals) * bankRate * 10 ** homeDecimals);
  const naming = maker.chance.happens(0.7) ? 'well' : 'not';
  const paid = { party, day: day + maker.lag(), amount, items: [item], naming } as const;
  maker.truth('other-currency', [maker.pay(paid)], whole([item]));
}

function severalItems(maker: Maker): void {
  const party = maker.party();
  const day = maker.day();
  const direction = maker.direction();
  const count = maker.chance.happens(0.75) ? maker.chance.whole(2, 4) : maker.chance.whole(5, 12);
  const items = times(count, () =>
    maker.item({ party, day: day - maker.chance.whole(0, 25), amount: direction * maker.amount(party) }),
  );
  const naming = maker.chance.happens(0.65) ? 'well' : 'not';
  const paid = { party, day: day + maker.lag(), amount: total(items), items, naming } as const;
  maker.truth('several-items', [maker.pay(paid)], whole(items));
}

function creditNetted(maker: Maker): void {
  const party = maker.party();
  const day = maker.day();
  const direction = maker.direction();
  const invoice = maker.item({ party, day, amount: direction * (maker.amount(party) + 3_000) });
  const credit = maker.item({
    party,
    day: day + maker.chance.whole(0, 8),
    amount: -Math.round(invoice.amount * (0.05 + maker.chance.next() * 0.4)),
    kind: 'credit_note',
  });
  const items = maker.chance.happens(0.6) ? [invoice, credit] : [invoice];
  const paid = { party, day: day + 8 + maker.lag(), amount: invoice.amount + credit.amount };
  maker.truth('credit-netted', [maker.pay({ ...paid, items, naming: 'well' })], whole([invoice, credit]));
}

function instalments(maker: Maker): void {
  const party = maker.party();
  const day = maker.day();
  const item = maker.item({ party, day, amount: maker.direction() * (maker.amount(party) + 5_000) });
  const count = maker.chance.whole(2, 4);
  const part = Math.round(item.amount / count);
  const from = day + maker.lag();
  const apart = maker.chance.oneOf([7, 14, 30]);
  const lines = times(count, (index) =>
    maker.pay({
      party,
      day: from + index * apart + maker.chance.whole(0, 3),
      amount: index === count - 1 ? item.amount - part * (count - 1) : part,
      items: [item],
      naming: maker.chance.happens(0.7) ? 'well' : 'not',
    }),
  );
  maker.truth('instalments', lines, whole([item]));
}

function partPaid(maker: Maker): void {
  const party = maker.party();
  const day = maker.day();
  const item = maker.item({ party, day, amount: maker.direction() * (maker.amount(party) + 5_000) });
  const amount = Math.round(item.amount * (0.2 + maker.chance.next() * 0.6));
  const naming = maker.chance.happens(0.85) ? 'well' : 'badly';
  const paid = { party, day: day + maker.lag(), amount, items: [item], naming } as const;
  maker.truth('part-paid', [maker.pay(paid)], [[item, amount]]);
}

function overpaid(maker: Maker): void {
  const party = maker.party();
  const day = maker.day();
  const item = maker.item({ party, day, amount: maker.amount(party) + 500 });
  const amount = item.amount + maker.chance.oneOf([1, 10, 100, 500]);
  const paid = { party, day: day + maker.lag(), amount, items: [item], naming: 'well' } as const;
  maker.truth('overpaid', [maker.pay(paid)], whole([item]));
}

function paidTwice(maker: Maker): void {
  const party = maker.party();
  const day = maker.day();
  const item = maker.item({ party, day, amount: maker.direction() * maker.amount(party) });
  const paid = { party, day: day + maker.lag(), amount: item.amount, items: [item], naming: 'well' } as const;
  maker.truth('named', [maker.pay(paid)], whole([item]));
  const again = maker.pay({ ...paid, day: paid.day + maker.chance.whole(1, 6) });
  maker.truth('paid-twice', [again], []);
}

function payout(maker: Maker): void {
  const day = maker.day();
  const count = maker.chance.whole(5, 40);
  const name = `po_${maker.made.toString(36)}${maker.chance.whole(100_000, 999_999)}`;
  const reported = maker.chance.happens(0.6) ? name : undefined;
  const items = times(count, (index) => {
    const refund = index > 0 && maker.chance.happens(0.05);
    return maker.item({
      party: maker.party(),
      day: day - maker.chance.whole(1, 3),
      amount: (refund ? -1 : 1) * maker.chance.whole(2_000, 20_000),
      kind: 'card_sale',
      payout: reported,
    });
  });
  const gross = items.reduce((sum, { amount }) => sum + Math.max(0, amount), 0);
  const amount = total(items) - Math.round(gross * 0.014) - 25 * count;
  const processor = maker.chance.oneOf(['STRIPE', 'ADYEN', 'PAYPAL', 'SUMUP', 'MOLLIE']);
  const says = { text: `${processor} PAYOUT ${name}`, e2e: null, code: 'PAYOUT', iban: null };
  maker.truth('payout', [maker.line({ day, amount, name: processor, ...says })], whole(items));
}

function paymentRun(maker: Maker): void {
  const day = maker.day();
  const name = `RUN-${maker.made}-${maker.chance.whole(10, 99)}`;
  const batch = maker.chance.happens(0.8) ? name : undefined;
  const items = times(maker.chance.whole(3, 15), () => {
    const party = maker.party();
    return maker.item({ party, day: day - maker.chance.whole(0, 10), amount: -maker.amount(party), batch });
  });
  const text = `SEPA BATCH ${name} ${items.length} PAYMENTS`;
  const line = maker.line({
    day,
    amount: total(items),
    name: '',
    iban: null,
    text,
    e2e: name,
    code: 'BATCH',
  });
  maker.truth('payment-run', [line], whole(items));
}

function severalToSeveral(maker: Maker): void {
  const party = maker.party();
  const day = maker.day();
  const direction = maker.direction();
  const items = times(maker.chance.whole(2, 4), () =>
    maker.item({ party, day, amount: direction * (maker.amount(party) + 1_000) }),
  );
  const sum = total(items);
  const first = Math.round(sum * (0.3 + maker.chance.next() * 0.4));
  const lines = [first, sum - first].map((amount, index) =>
    maker.pay({
      party,
      day: day + 3 + index * maker.chance.whole(1, 6),
      amount,
      items,
      naming: maker.chance.happens(0.6) ? 'well' : 'not',
    }),
  );
  maker.truth('several-to-several', lines, whole(items));
}

function returned(maker: Maker): void {
  const party = maker.party();
  const day = maker.day() + maker.lag();
  const item = maker.item({ party, day: day - 2, amount: maker.amount(party) });
  const paid = maker.pay({ party, day, amount: item.amount, items: [item], naming: 'well' });
  const back = maker.line({
    day: day + maker.chance.whole(2, 10),
    amount: -item.amount,
    name: paid.name,
    iban: party.iban,
    text: `RETURN ${maker.chance.happens(0.8) ? item.ref : ''} ${maker.chance.oneOf(['MD06', 'AC04', 'AM04'])}`,
    e2e: null,
    code: 'RRTN',
  });
  maker.truth('returned', [paid, back], []);
}

function ownTransfer(maker: Maker): void {
  const day = maker.day();
  const party = { ...maker.party(), id: 'OWN', name: 'Own savings account', iban: 'XX00OWN' };
  const amount = -100 * maker.chance.whole(100, 50_000);
  const item = maker.item({ party, day, amount, kind: 'transfer' });
  const says = { name: 'OWN ACCOUNT', iban: party.iban, text: 'internal transfer', e2e: null, code: 'PMNT' };
  const line = maker.line({ day: day + maker.chance.whole(0, 2), amount, ...says });
  maker.truth('own-transfer', [line], whole([item]));
}

function bankCharge(maker: Maker): void {
  const amount = -maker.chance.oneOf([150, 290, 500, 790, 990, 1_290]);
  const text = maker.chance.oneOf(['ACCOUNT FEE', 'CARD FEE', 'INTEREST', 'SWIFT FEE', 'SERVICE CHARGE']);
  const line = maker.line({ day: maker.day(), amount, name: '', iban: null, text, e2e: null, code: 'CHRG' });
  maker.truth('bank-charge', [line], []);
}

function stranger(maker: Maker): void {
  const party = maker.party();
  const { chance } = maker;
  const known = chance.happens(0.5);
  const line = maker.line({
    day: maker.day(),
    amount: maker.direction() * maker.amount(party),
    name: known ? party.name : strangerName(chance, maker),
    iban: null,
    text: chance.oneOf(['', 'order', 'donation', 'refund 2025', 'thanks', 'deposit']),
    e2e: null,
    code: 'PMNT',
  });
  maker.truth('stranger', [line], []);
}

/** What each kind of event puts into a book. */
export const events: Readonly<Record<EventKind, Event>> = {
  named: single('named', 'well'),
  silent: single('silent', 'not'),
  garbled: single('garbled', 'badly'),
  'paid-by-another': paidByAnother,
  'fee-kept': feeKept,
  discount,
  'other-currency': otherCurrency,
  'several-items': severalItems,
  'credit-netted': creditNetted,
  instalments,
  'part-paid': partPaid,
  overpaid,
  'paid-twice': paidTwice,
  payout,
  'payment-run': paymentRun,
  'several-to-several': severalToSeveral,
  returned,
  'own-transfer': ownTransfer,
  'bank-charge': bankCharge,
  stranger,
};
