import type { Transaction } from '#kernel/command';
import type { MappingRule } from './classify.ts';

/** The rules of a book in force, in the order in which they are asked. */
export async function loadRules(transaction: Transaction, bookId: string): Promise<MappingRule[]> {
  const rows = await transaction.query<RuleRow>(
    `select id, name, vendor_name_contains, category, document_kind, account_code, tax_account_code
       from transactions.mapping_rule where book_id = $1 and active order by priority, id`,
    [bookId],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    vendorNameContains: row.vendor_name_contains ?? undefined,
    category: row.category ?? undefined,
    documentKind: row.document_kind ?? undefined,
    accountCode: row.account_code,
    taxAccountCode: row.tax_account_code ?? undefined,
  }));
}

interface RuleRow {
  readonly id: string;
  readonly name: string;
  readonly vendor_name_contains: string | null;
  readonly category: string | null;
  readonly document_kind: string | null;
  readonly account_code: string;
  readonly tax_account_code: string | null;
}
