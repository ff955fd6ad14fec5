import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import type { TaxCode } from './tax-code.ts';

/** Adds tax codes to a book with their rates; codes the book has already stay as they are. Answers what was added. */
export async function storeTaxCodes(
  transaction: Transaction,
  bookId: string,
  codes: readonly TaxCode[],
): Promise<{ readonly id: string; readonly code: string }[]> {
  const rows = codes.map((code) => ({
    id: newId('tax'),
    code: code.code,
    name: code.name,
    jurisdiction: code.jurisdiction,
    treatment: code.treatment,
    category: code.category,
    components: code.components,
    compound: code.compound,
    recoverable_percent: code.recoverablePercent,
    rounding_mode: code.rounding.mode,
    rounding_level: code.rounding.level,
    rounded_together: code.rounding.together,
    rates: code.rates,
  }));
  return transaction.query<{ id: string; code: string }>(
    `with given as (
       select * from jsonb_to_recordset($4) as g
         (id text, code text, name text, jurisdiction text, treatment text, category text, components text[],
          compound boolean, recoverable_percent numeric, rounding_mode text, rounding_level text,
          rounded_together boolean, rates jsonb)
     ), added as (
       insert into transactions.tax_code
         (organisation_id, id, book_id, code, name, jurisdiction, treatment, category, components, compound,
          recoverable_percent, rounding_mode, rounding_level, rounded_together, created_at)
       select $1, id, $2, code, name, jurisdiction, treatment, category, components, compound, recoverable_percent,
              rounding_mode, rounding_level, rounded_together, $3
         from given
       on conflict (book_id, code, organisation_id) do nothing
       returning id, code
     ), rated as (
       insert into transactions.tax_rate
         (organisation_id, tax_code_id, valid_from, revision, percent, recorded_at, recorded_by)
       select $1, id, r."from", 1, r.percent, $3, $5
         from given join added using (id, code)
        cross join lateral jsonb_to_recordset(given.rates) as r ("from" date, percent numeric)
     )
     select id, code from added order by code`,
    [
      transaction.organisationId,
      bookId,
      transaction.now,
      JSON.stringify(rows),
      transaction.actor.memberId ?? null,
    ],
  );
}
