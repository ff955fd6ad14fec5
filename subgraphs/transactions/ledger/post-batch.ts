import type { Transaction } from '#kernel/command';
import { failureOf, isTransient } from '#kernel/database-errors';
import type { UserError } from '#kernel/errors';
import { checkLines, type NewEntry } from './entry.ts';
import { postEntries } from './post-entry.ts';
import type { PostedEntry } from './posted-entry.ts';

/** What became of one entry of a batch. */
export type BatchOutcome = { readonly posted: PostedEntry } | { readonly refused: UserError };

/**
 * Posts what can be posted of a batch, in one statement when all of it can. What the books refuse is searched by
 * halves, so that few bad entries among many cost few statements; each is answered with its own error.
 */
export async function postBatch(
  transaction: Transaction,
  entries: readonly NewEntry[],
): Promise<BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  const fit: { readonly entry: NewEntry; readonly place: number }[] = [];
  const keys = new Set<string>();
  entries.forEach((entry, place) => {
    const refused = problemOf(() => checkLines(entry.lines));
    if (refused) outcomes[place] = { refused };
    else fit.push({ entry, place });
  });
  // A key that comes twice in one batch names its second entry, which is then compared with the first as it stands.
  const [first, second] = [[] as typeof fit, [] as typeof fit];
  for (const one of fit) {
    const { bookId, idempotencyKey: key } = one.entry;
    if (key !== undefined && keys.has(`${bookId} ${key}`)) second.push(one);
    else first.push(one);
    if (key !== undefined) keys.add(`${bookId} ${key}`);
  }
  const post = async (part: typeof fit): Promise<void> => {
    if (part.length === 0) return;
    const posted = await tryPosting(
      transaction,
      part.map(({ entry }) => entry),
    );
    const [only] = part;
    if ('posted' in posted) {
      part.forEach(({ place }, index) => {
        outcomes[place] = { posted: posted.posted[index] as PostedEntry };
      });
    } else if (part.length === 1 && only) {
      outcomes[only.place] = { refused: posted.refused };
    } else {
      const middle = part.length >> 1;
      await post(part.slice(0, middle));
      await post(part.slice(middle));
    }
  };
  await post(first);
  for (const one of second) await post([one]);
  return outcomes;
}

async function tryPosting(
  transaction: Transaction,
  entries: readonly NewEntry[],
): Promise<{ readonly posted: readonly PostedEntry[] } | { readonly refused: UserError }> {
  await transaction.query('savepoint part_of_batch');
  try {
    const posted = await postEntries(transaction, entries);
    await transaction.query('release savepoint part_of_batch');
    return { posted };
  } catch (error) {
    const [refused] = isTransient(error) ? [] : (failureOf(error) ?? []);
    if (!refused) throw error;
    await transaction.query('rollback to savepoint part_of_batch');
    return { refused };
  }
}

function problemOf(check: () => void): UserError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    const [problem] = failureOf(error) ?? [];
    if (!problem) throw error;
    return problem;
  }
}
