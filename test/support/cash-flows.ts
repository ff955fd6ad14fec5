import { addDays, calendarDate, endOfMonth, startOfMonth, type CalendarDate } from '#kernel/calendar';
import type { CashHistory, CashItem, CashMove } from '../../subgraphs/transactions/reports/forecast-model.ts';

/** What kinds of made-up companies there are. */
export const companyProfiles = ['agency', 'restaurant', 'saas', 'wholesale'] as const;

/** One kind of made-up company. */
export type CompanyProfile = (typeof companyProfiles)[number];

type Random = () => number;

/** The same numbers for the same seed, between 0 and 1. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Nature {
  /** Invoices a month to customers and from vendors, and their usual size in cents. */
  readonly sales: readonly [perMonth: number, size: number];
  readonly bills: readonly [perMonth: number, size: number];
  readonly customers: number;
  readonly vendors: number;
  readonly rent: number;
  readonly payroll: number;
  readonly subscriptions: number;
  /** Sales of a day without invoices, by day of the week. */
  readonly dailySales: number;
  readonly cardSpending: number;
  /** By how much the best month is above the usual one. */
  readonly season: number;
  readonly growthPerYear: number;
}

const natures: Readonly<Record<CompanyProfile, Nature>> = {
  agency: {
    sales: [9, 520_000],
    bills: [5, 110_000],
    customers: 12,
    vendors: 8,
    rent: 280_000,
    payroll: 2_600_000,
    subscriptions: 14,
    dailySales: 0,
    cardSpending: 9_000,
    season: 0.1,
    growthPerYear: 0.1,
  },
  restaurant: {
    sales: [1, 180_000],
    bills: [16, 90_000],
    customers: 4,
    vendors: 9,
    rent: 420_000,
    payroll: 1_900_000,
    subscriptions: 5,
    dailySales: 150_000,
    cardSpending: 6_000,
    season: 0.3,
    growthPerYear: 0.03,
  },
  saas: {
    sales: [14, 240_000],
    bills: [6, 160_000],
    customers: 40,
    vendors: 10,
    rent: 150_000,
    payroll: 3_000_000,
    subscriptions: 22,
    dailySales: 20_000,
    cardSpending: 7_000,
    season: 0.02,
    growthPerYear: 0.35,
  },
  wholesale: {
    sales: [38, 310_000],
    bills: [22, 420_000],
    customers: 25,
    vendors: 14,
    rent: 350_000,
    payroll: 1_500_000,
    subscriptions: 6,
    dailySales: 0,
    cardSpending: 12_000,
    season: 0.35,
    growthPerYear: 0.05,
  },
};

const start = calendarDate('2023-01-01');

/** The cash of a made-up company over some days, with its invoices; the same for the same seed. */
export function makeHistory(
  profile: CompanyProfile,
  seed: number,
  days = 900,
): CashHistory & { readonly end: CalendarDate } {
  const random = randomOf(seed);
  const nature = natures[profile];
  const end = addDays(start, days);
  const moves: CashMove[] = [];
  const items: CashItem[] = [];
  const move = (on: CalendarDate, minor: number, party: string) => {
    if (on <= end && Math.round(minor) !== 0)
      moves.push({ on, minor: BigInt(Math.round(minor)), party, label: party });
  };
  standing({ nature, random, end, move });
  daily({ nature, random, end, move });
  for (const [side, sign] of [
    ['customer', 1],
    ['vendor', -1],
  ] as const)
    invoices({ nature, random, end, move, items, side, sign });
  moves.sort((a, b) => (a.on < b.on ? -1 : Number(a.on > b.on)));
  return { moves, items, end };
}

interface Making {
  readonly nature: Nature;
  readonly random: Random;
  readonly end: CalendarDate;
  readonly move: (on: CalendarDate, minor: number, party: string) => void;
}

/** Rent, payroll, tax by the quarter, insurance by the year, cleaning by the week, subscriptions by the month. */
function standing({ nature, random, end, move }: Making): void {
  const subscriptions = Array.from({ length: nature.subscriptions }, (_, index) => ({
    party: `subscription ${index}`,
    day: 1 + Math.floor(random() * 28),
    size: 900 + random() * 30_000,
    from: Math.floor(random() * 20),
    until: random() < 0.2 ? 12 + Math.floor(random() * 18) : 999,
  }));
  let month = start;
  for (let count = 0; month <= end; count += 1, month = startOfMonth(addDays(endOfMonth(month), 1))) {
    const late = () => Math.floor(random() * 3);
    const growth = 1 + (nature.growthPerYear * count) / 24;
    move(addDays(month, late()), -nature.rent * (count >= 14 ? 1.04 : 1), 'landlord');
    move(
      addDays(endOfMonth(month), -2 - late()),
      -nature.payroll * growth * (0.97 + random() * 0.06),
      'payroll',
    );
    move(
      addDays(month, 9 + late()),
      -nature.payroll * 0.35 * growth * (0.95 + random() * 0.1),
      'payroll tax',
    );
    move(addDays(month, 14 + late()), -25_000 - random() * 20_000, 'energy');
    if (count % 3 === 1) move(addDays(month, 9), -nature.payroll * 0.5 * (0.6 + random() * 0.8), 'vat');
    if (count % 12 === 4) move(addDays(month, 2), -380_000, 'insurance');
    for (const { party, day, size, from, until } of subscriptions)
      if (count >= from && count < until)
        move(addDays(month, day - 1 + (random() < 0.3 ? 1 : 0)), -size, party);
  }
  for (let day = addDays(start, 3); day <= end; day = addDays(day, 7)) move(day, -18_000, 'cleaning');
}

function daily({ nature, random, end, move }: Making): void {
  const byWeekday = [0.6, 0.7, 0.8, 1, 1.5, 1.9, 0.5];
  for (let count = 0, day = start; day <= end; count += 1, day = addDays(day, 1)) {
    const season = seasonOf(nature, count);
    const growth = 1 + (nature.growthPerYear * count) / 730;
    if (nature.dailySales > 0)
      move(
        day,
        nature.dailySales * (byWeekday[count % 7] ?? 1) * season * growth * (0.7 + random() * 0.6),
        'card sales',
      );
    if (random() < 0.3)
      move(day, -nature.cardSpending * Math.exp(1.2 * gauss(random)), `shop ${Math.floor(random() * 40)}`);
    // Now and then something nobody plans.
    if (random() < 0.006) move(day, -nature.payroll * 0.2 * random(), `surprise ${count}`);
  }
}

function invoices(
  making: Making & { readonly items: CashItem[]; readonly side: string; readonly sign: number },
): void {
  const { nature, random, end, move, items, side, sign } = making;
  const [perMonth, size] = side === 'customer' ? nature.sales : nature.bills;
  const parties = Array.from(
    { length: side === 'customer' ? nature.customers : nature.vendors },
    (_, index) => ({
      party: `${side} ${index}`,
      habit: side === 'customer' ? Math.round(-2 + random() * random() * 45) : Math.round(-3 + random() * 6),
      spread: side === 'customer' ? 1 + random() * 9 : 2,
      terms: [14, 30, 30, 30, 45, 60][Math.floor(random() * 6)] ?? 30,
      size: size * Math.exp(0.6 * gauss(random)),
    }),
  );
  for (let count = 0, day = start; day <= end; count += 1, day = addDays(day, 1)) {
    const rate = (perMonth / 30) * seasonOf(nature, count) * (1 + (nature.growthPerYear * count) / 730);
    for (let left = poisson(rate, random); left > 0; left -= 1) {
      const one = parties[Math.floor(random() * parties.length)];
      if (!one) continue;
      const minor = sign * Math.round(one.size * (0.6 + random() * 0.8));
      const dueOn = addDays(day, one.terms);
      const paidOn = addDays(dueOn, Math.max(-10, Math.round(one.habit + one.spread * gauss(random))));
      const paid = random() > 0.015 && paidOn <= end && paidOn > day;
      const payments = paid ? [{ on: paidOn, minor: BigInt(minor) }] : [];
      const { party } = one;
      items.push({
        id: `${side} ${count} ${items.length}`,
        party,
        label: party,
        postedOn: day,
        dueOn,
        minor: BigInt(minor),
        payments,
      });
      if (paid) move(paidOn, minor, party);
    }
  }
}

const seasonOf = ({ season }: Nature, day: number): number =>
  1 + season * Math.sin((2 * Math.PI * (day + 60)) / 365);

function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function poisson(rate: number, random: Random): number {
  const limit = Math.exp(-rate);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}
