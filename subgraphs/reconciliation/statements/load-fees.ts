import type { CalendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import { fromWire } from '#kernel/wire-money';
import type { ChargedMember, Tariff } from './compare-fees.ts';
import type { StoredFee } from './payout-entities.ts';

/** Asks the database, in a command or for a reader. */
export type Ask = <Row extends object>(sql: string, values: readonly unknown[]) => Promise<Row[]>;

/** The tariffs agreed with a provider, or with all. */
export async function loadTariffs(ask: Ask, bookId: string, provider?: string): Promise<Tariff[]> {
  const rows = await ask<{
    id: string;
    provider: string;
    kind: string;
    method: string | null;
    region: string | null;
    home_country: string | null;
    percent: string;
    fixed: string;
    currency: string;
    starts_on: CalendarDate;
    ends_on: CalendarDate | null;
  }>(
    `select id, provider, kind, method, region, home_country, trim_scale(percent)::text as percent, fixed_minor::text as fixed,
            currency, starts_on::text as starts_on, ends_on::text as ends_on
       from reconciliation.processor_tariff where book_id = $1 and ($2::text is null or provider = $2) order by id`,
    [bookId, provider ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    provider: row.provider,
    kind: row.kind,
    method: row.method ?? undefined,
    region: row.region ?? undefined,
    homeCountry: row.home_country ?? undefined,
    percent: row.percent,
    fixed: money(BigInt(row.fixed), row.currency),
    startsOn: row.starts_on,
    endsOn: row.ends_on ?? undefined,
  }));
}

/** Which movements are held against tariffs: of a payout, or of some days. */
export type FeeSearch =
  | { readonly payoutId: string }
  | {
      readonly bookId: string;
      readonly provider?: string | undefined;
      readonly from: string;
      readonly to: string;
    };

/** As much as one comparison takes on. */
export const mostMembers = 100_000;

/** The movements with what was taken of them, in the order in which they happened. */
export async function loadCharged(ask: Ask, search: FeeSearch): Promise<ChargedMember[]> {
  const columns = `m.id, p.provider, m.kind, m.gross_minor::text as gross, m.fee_minor::text as fee, m.currency, m.fees, m.method,
            m.country, m.occurred_on::text as occurred_on`;
  const rows = await ('payoutId' in search
    ? ask<ChargedRow>(
        `select ${columns} from reconciliation.payout_member m join reconciliation.payout p on p.id = m.payout_id
          where m.payout_id = $1
          order by m.position, m.id limit ${mostMembers}`,
        [search.payoutId],
      )
    : ask<ChargedRow>(
        `select ${columns} from reconciliation.payout_member m join reconciliation.payout p on p.id = m.payout_id
          where p.book_id = $1 and m.book_id = $1 and ($2::text is null or p.provider = $2)
            and coalesce(m.occurred_on, p.initiated_on) between $3 and $4
          order by coalesce(m.occurred_on, p.initiated_on), m.id limit ${mostMembers}`,
        [search.bookId, search.provider ?? null, search.from, search.to],
      ));
  return rows.map(chargedOf);
}

interface ChargedRow {
  readonly id: string;
  readonly provider: string;
  readonly kind: string;
  readonly gross: string;
  readonly fee: string;
  readonly currency: string;
  readonly fees: readonly StoredFee[];
  readonly method: string | null;
  readonly country: string | null;
  readonly occurred_on: CalendarDate | null;
}

function chargedOf(row: ChargedRow): ChargedMember {
  const taxes = row.fees.filter(({ kind }) => kind === 'TAX').map(({ amount }) => fromWire(amount).minor);
  return {
    id: row.id,
    provider: row.provider,
    kind: row.kind,
    gross: money(BigInt(row.gross), row.currency),
    fee: money(BigInt(row.fee), row.currency),
    tax: money(
      taxes.reduce((total, minor) => total + minor, 0n),
      row.currency,
    ),
    method: row.method ?? undefined,
    country: row.country ?? undefined,
    occurredOn: row.occurred_on ?? undefined,
  };
}
