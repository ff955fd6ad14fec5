import { crossFoot, invariants } from '../../subgraphs/transactions/ledger/cross-foot.ts';
import { firstOf, type Check, type OwnerQuery, type Patient } from './check.ts';

interface Book {
  readonly organisation_id: string;
  readonly id: string;
}

/**
 * Whether the books say what bookkeeping demands of them: the invariants of the continuous validation, asked by the same
 * code of every book. What people can put right by bookkeeping is theirs, and no failure of the installation.
 */
export const bookChecks: readonly Check[] = invariants
  .filter(({ severity }) => severity === 'HIGH')
  .map((invariant): Check => ({
    name: invariant.name,
    remedy: invariant.remedy,
    async examine({ query }: Patient) {
      const problems: string[] = [];
      const books = await booksOf(query);
      for (const { organisation_id: organisationId, id: bookId } of books) {
        const found = await crossFoot(query, { organisationId, bookId }, [invariant]);
        problems.push(...found.map(({ detail }) => `${detail} (book ${bookId} of ${organisationId})`));
      }
      return { problems: firstOf(problems), seen: `${books.length} books` };
    },
  }));

/** Books that the journal names, too: a book whose own row is gone is examined all the more. */
function booksOf(query: OwnerQuery): Promise<Book[]> {
  return query<Book>(
    `select organisation_id, id from transactions.book
      union select organisation_id, book_id from transactions.journal_entry
      union select organisation_id, book_id from transactions.entry_counter
      union select organisation_id, book_id from transactions.draft order by 1, 2`,
  );
}
