import type { CalendarDate } from '#kernel/calendar';
import { absolute, add, money, negate, percentOf, subtract, sum, type Money } from '#kernel/money';

/** What was agreed that a provider takes. */
export interface Tariff {
  readonly id: string;
  readonly provider: string;
  readonly kind: string;
  /** Undefined: of every method that no other tariff names. */
  readonly method?: string;
  readonly region?: string;
  readonly homeCountry?: string;
  /** Exact decimal text. */
  readonly percent: string;
  readonly fixed: Money;
  readonly startsOn: CalendarDate;
  readonly endsOn?: CalendarDate;
}

/** A movement with what was taken of it. */
export interface ChargedMember {
  readonly id: string;
  readonly provider: string;
  readonly kind: string;
  readonly gross: Money;
  /** Negative for a cost. */
  readonly fee: Money;
  /** Tax within the fee, which is not agreed but due. */
  readonly tax: Money;
  readonly method?: string;
  readonly country?: string;
  readonly occurredOn?: CalendarDate;
}

/** What was taken of a movement, and what should have been; costs are positive here. */
export interface ComparedFee {
  readonly memberId: string;
  readonly charged: Money;
  /** Missing where no tariff says it. */
  readonly expected?: Money;
  readonly tariffId?: string;
  readonly outcome: 'AGREES' | 'DIFFERS' | 'UNKNOWN';
}

/** Providers round as they like, so a minor unit is no difference. */
const rounding = 1n;

/** Members of the European Economic Area by their ISO 3166 codes. */
const eea = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '),
);
const compared: ReadonlySet<string> = new Set(['CHARGE', 'REFUND', 'CHARGEBACK']);

/**
 * Holds what a provider took against what was agreed, movement by movement. The tariff that names method and region goes
 * before those that do not. Movements of other kinds, and those of which nothing was taken without a tariff, are left out.
 */
export function compareFees(members: readonly ChargedMember[], tariffs: readonly Tariff[]): ComparedFee[] {
  return members.flatMap((member): ComparedFee[] => {
    if (!compared.has(member.kind)) return [];
    const charged = negate(subtract(member.fee, member.tax));
    const tariff = tariffOf(member, tariffs);
    if (!tariff) return charged.minor === 0n ? [] : [{ memberId: member.id, charged, outcome: 'UNKNOWN' }];
    const expected = add(percentOf(absolute(member.gross), tariff.percent), tariff.fixed);
    const apart = absolute(subtract(charged, expected)).minor;
    return [
      {
        memberId: member.id,
        charged,
        expected,
        tariffId: tariff.id,
        outcome: apart <= rounding ? 'AGREES' : 'DIFFERS',
      },
    ];
  });
}

function tariffOf(member: ChargedMember, tariffs: readonly Tariff[]): Tariff | undefined {
  const on = member.occurredOn;
  return tariffs
    .filter(
      (tariff) =>
        tariff.provider === member.provider &&
        tariff.kind === member.kind &&
        tariff.fixed.currency === member.gross.currency &&
        (tariff.method === undefined || tariff.method === member.method) &&
        (tariff.region === undefined || tariff.region === regionOf(member.country, tariff.homeCountry)) &&
        (on === undefined || (tariff.startsOn <= on && (tariff.endsOn === undefined || on <= tariff.endsOn))),
    )
    .toSorted(
      (a, b) => rank(a) - rank(b) || b.startsOn.localeCompare(a.startsOn) || a.id.localeCompare(b.id),
    )[0];
}

function rank({ method, region }: Tariff): number {
  return (method === undefined ? 2 : 0) + (region === undefined ? 1 : 0);
}

/** Where a card is from, seen from a country; undefined when the report does not say. */
export function regionOf(country: string | undefined, home: string | undefined): string | undefined {
  if (country === undefined || home === undefined) return undefined;
  if (country === home) return 'DOMESTIC';
  return eea.has(country) && eea.has(home) ? 'EEA' : 'INTERNATIONAL';
}

/** What comparisons come to in one currency. */
export interface FeeTotals {
  readonly currency: string;
  readonly charged: Money;
  /** Of what a tariff is known for. */
  readonly expected: Money;
  /** What was taken beyond what was agreed; negative for less. */
  readonly difference: Money;
  readonly agreeing: number;
  readonly differing: number;
  readonly unknown: number;
}

/** Adds comparisons up, each currency by itself. */
export function totalsOfFees(fees: readonly ComparedFee[]): FeeTotals[] {
  return [...Map.groupBy(fees, ({ charged }) => charged.currency)].map(([currency, group]) => {
    const known = group.filter(({ expected }) => expected !== undefined);
    const none = money(0n, currency);
    const count = (outcome: ComparedFee['outcome']) => group.filter((one) => one.outcome === outcome).length;
    const expected = sum(
      currency,
      known.map((one) => one.expected ?? none),
    );
    return {
      currency,
      charged: sum(
        currency,
        group.map((one) => one.charged),
      ),
      expected,
      difference: subtract(
        sum(
          currency,
          known.map((one) => one.charged),
        ),
        expected,
      ),
      agreeing: count('AGREES'),
      differing: count('DIFFERS'),
      unknown: count('UNKNOWN'),
    };
  });
}
