import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import type { RunQuery } from '../rates/rate-for.ts';
import type { DatedRate, TaxCategory, TaxCode, TaxCodes, TaxRounding, TaxTreatment } from './tax-code.ts';

/** A tax code as its table holds it, whoever reads it. */
interface StoredCode {
  readonly code: string;
  readonly name: string;
  readonly jurisdiction: string;
  readonly treatment: string;
  readonly category: string | null;
  readonly components: readonly string[];
  readonly compound: boolean;
  readonly recoverable_percent: string;
  readonly rounding_mode: string;
  readonly rounding_level: string;
  readonly rounded_together: boolean;
  readonly rates: readonly { readonly from: CalendarDate; readonly percent: string | null }[] | null;
}

/** What taxes are found by in a book: its codes in force and its country. */
export async function loadTaxKnowledge(
  transaction: Transaction,
  bookId: string,
): Promise<{ readonly codes: TaxCodes; readonly country: string }> {
  const book = await transaction.maybe<{ country: string }>(
    'select country from transactions.book where id = $1',
    [bookId],
  );
  return { codes: await loadTaxCodes(transaction, bookId), country: book?.country ?? '' };
}

/** The tax codes of a book in force, by their code. */
export async function loadTaxCodes(transaction: Transaction, bookId: string): Promise<TaxCodes> {
  return readTaxCodes((sql, values) => transaction.query(sql, values), { bookId, retired: false });
}

/** The tax codes of a book by their code; with those that were retired where the past is looked at. */
export async function readTaxCodes(
  run: RunQuery,
  { bookId, retired }: { readonly bookId: string; readonly retired: boolean },
): Promise<TaxCodes> {
  const rows = await run<StoredCode>(
    `select c.code, c.name, c.jurisdiction, c.treatment, c.category, c.components, c.compound,
            c.recoverable_percent::text as recoverable_percent, c.rounding_mode, c.rounding_level, c.rounded_together,
            (select jsonb_agg(jsonb_build_object('from', r.valid_from, 'percent', r.percent::text)
                              order by r.valid_from, r.revision)
               from transactions.tax_rate r
              where r.organisation_id = c.organisation_id and r.tax_code_id = c.id) as rates
       from transactions.tax_code c where c.book_id = $1 and ($2 or c.active) order by c.code`,
    [bookId, retired],
  );
  return new Map(rows.map((row) => [row.code, taxCodeOf(row)]));
}

function taxCodeOf(row: StoredCode): TaxCode {
  return {
    code: row.code,
    name: row.name,
    jurisdiction: row.jurisdiction,
    treatment: row.treatment as TaxTreatment,
    category: (row.category as TaxCategory | null) ?? undefined,
    rates: currentRates(row.rates ?? []),
    components: row.components,
    compound: row.compound,
    recoverablePercent: row.recoverable_percent,
    rounding: {
      mode: row.rounding_mode as TaxRounding['mode'],
      level: row.rounding_level as TaxRounding['level'],
      together: row.rounded_together,
    },
  };
}

/** One rate for each day: the last revision. */
function currentRates(rates: readonly DatedRate[]): DatedRate[] {
  return [...new Map(rates.map((rate) => [rate.from, rate])).values()];
}
