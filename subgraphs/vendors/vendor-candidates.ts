import { compactNumber } from '#kernel/account-number';
import { nameTokens } from '#kernel/names';
import type { VendorCandidate, VendorQuery } from './match-vendor-name.ts';

/** Runs a query of the organisation's own tables. */
export type RunQuery = <Row extends object>(sql: string, values: readonly unknown[]) => Promise<Row[]>;

interface CandidateRow {
  id: string;
  name: string;
  aliases: string[];
  tax_id: string | null;
  country: string | null;
  has_account: boolean;
}

/**
 * The vendors a document may mean: by tax number, by account, or by a word of the name. Accounts are compared by
 * their keyed hash, so none is opened for it.
 */
export async function vendorCandidates(
  query: VendorQuery,
  run: RunQuery,
  accountIndex: (account: string) => string,
): Promise<VendorCandidate[]> {
  const words = nameTokens(query.name).filter((word) => word.length > 2);
  const rows = await run<CandidateRow>(
    `select v.id, v.name, v.tax_id, v.country,
            coalesce((select array_agg(a.name order by a.id) from vendors.vendor_alias a
                       where a.organisation_id = v.organisation_id and a.vendor_id = v.id), '{}') as aliases,
            exists (select 1 from vendors.vendor_bank_detail b
                     where b.organisation_id = v.organisation_id and b.vendor_id = v.id and b.account_index = $2) as has_account
       from vendors.vendor v
      where v.status <> 'BLOCKED'
        and (upper(regexp_replace(v.tax_id, '[^0-9A-Za-z]', '', 'g')) = $1
             or exists (select 1 from vendors.vendor_bank_detail b
                         where b.organisation_id = v.organisation_id and b.vendor_id = v.id and b.account_index = $2)
             or v.name ilike any ($3::text[])
             or exists (select 1 from vendors.vendor_alias a
                         where a.organisation_id = v.organisation_id and a.vendor_id = v.id and a.name ilike any ($3::text[])))
      order by v.id limit 200`,
    [
      compactNumber(query.taxId ?? '-'),
      query.iban ? accountIndex(compactNumber(query.iban)) : '-',
      words.map((word) => `%${word.slice(0, 4)}%`),
    ],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    aliases: row.aliases,
    taxId: row.tax_id ?? undefined,
    country: row.country ?? undefined,
    accounts: row.has_account && query.iban ? [query.iban] : [],
  }));
}
