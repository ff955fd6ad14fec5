import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import type { CsvProfile } from '#connectors/ports';
import type { ReadFile } from './read-statement-files.ts';

/** How tables with certain headings are read, as a person said once. */
export interface StoredProfile {
  readonly id: string;
  readonly headings: readonly string[];
  readonly profile: CsvProfile;
}

interface Account {
  readonly bookId: string;
  readonly bankAccountId?: string | undefined;
}

/** What was said of tables of an account; without one, of all accounts of the book. The last said first. */
export function loadProfiles(
  transaction: Transaction,
  { bookId, bankAccountId }: Account,
): Promise<StoredProfile[]> {
  return transaction.query<StoredProfile & object>(
    `select id, headings, profile from reconciliation.table_profile
      where book_id = $1 and ($2::text is null or bank_account_id = $2) order by named_at desc, id desc`,
    [bookId, bankAccountId ?? null],
  );
}

/**
 * How a table is to be read: as was said of one with the same headings, else, of a named account, as was said of tables
 * without headings, if it could not be read by itself. Without an account only what all its accounts agree on counts, and only where the
 * table could not be read by itself.
 */
export function profileFor(
  profiles: readonly StoredProfile[],
  file: Pick<ReadFile, 'headings' | 'statements'>,
  ofAccount: boolean,
): StoredProfile | undefined {
  if (file.headings === undefined) return undefined;
  const key = JSON.stringify(plainHeadings(file.headings));
  const alike = profiles.filter(({ headings }) => headings.length > 0 && JSON.stringify(headings) === key);
  const unread = file.statements.length === 0;
  const byNumber = unread ? profiles.find(({ headings }) => headings.length === 0) : undefined;
  if (ofAccount) return alike[0] ?? byNumber;
  const ways = new Set(alike.map(({ profile }) => JSON.stringify(profile)));
  return unread && ways.size === 1 ? alike[0] : undefined;
}

/** Keeps how tables of an account with these headings are read; what was said before of the same headings gives way. */
export async function rememberProfile(
  transaction: Transaction,
  { bookId, bankAccountId }: { readonly bookId: string; readonly bankAccountId: string },
  { headings, profile }: { readonly headings: readonly string[]; readonly profile: CsvProfile },
): Promise<void> {
  const plain = plainHeadings(headings);
  const kept = await transaction.maybe<{ id: string }>(
    `insert into reconciliation.table_profile as p (organisation_id, id, book_id, bank_account_id, headings, profile,
       named_by, named_at, used_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         on conflict (organisation_id, bank_account_id, headings)
         do update set profile = excluded.profile, named_by = excluded.named_by, named_at = excluded.named_at
          where p.profile <> excluded.profile
     returning id`,
    [
      transaction.organisationId,
      newId('tp'),
      bookId,
      bankAccountId,
      plain,
      JSON.stringify(profile),
      transaction.actor.memberId ?? null,
      transaction.now,
    ],
  );
  if (!kept) return;
  transaction.audit({
    subjectType: 'TableProfile',
    subjectId: kept.id,
    after: { bankAccountId, headings: plain, profile },
  });
}

/** Notes that tables were read as was said. */
export async function noteUse(transaction: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await transaction.query('update reconciliation.table_profile set used_at = $2 where id = any($1)', [
    ids,
    transaction.now,
  ]);
}

/** Banks change blanks and capitals of their headings more often than what stands below them. */
function plainHeadings(headings: readonly string[]): string[] {
  return headings.map((heading) => heading.trim().replace(/\s+/g, ' ').toLowerCase());
}
