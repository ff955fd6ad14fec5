import { createCommandDoor } from '#kernel/command-door';
import { createPool, type Database } from '#kernel/database';
import { createLog } from '#kernel/log';
import { createPorts } from '#kernel/ports';
import { localVault } from '#kernel/secrets';
import { sleep } from '#kernel/sleep';
import { localTokens } from '#kernel/tokens';
import type { Actor } from '#kernel/actor';
import { postJournalEntries } from '../../subgraphs/transactions/ledger/post-journal-entries.ts';
import { postJournalEntry } from '../../subgraphs/transactions/ledger/post-journal-entry.ts';

/** What a process that only posts is started with. */
export interface PostingProcess {
  readonly database: Database;
  readonly actor: Actor;
  readonly bookId: string;
  /** The first part of the keys of what it posts, its own. */
  readonly name: string;
  /** Calls of processes before it that nobody answered, to be sent once more. */
  readonly again: readonly string[];
}

const batchSize = 20;

/**
 * A process that posts without end, to be killed in the middle of it: single entries and batches at the same time. It
 * prints `sent KEY` before and `done KEY` after each call; a call that fails is sent again until it is answered.
 */
const { database, actor, bookId, name, again } = JSON.parse(process.argv[2] ?? '{}') as PostingProcess;
const pool = createPool(database, 'transactions', 4);
const services = {
  log: createLog('fatal', 'posting'),
  files: undefined as never,
  vault: localVault(database.secret),
  tokens: localTokens(['posting']),
  wake: () => Promise.resolve(),
  port: createPorts([]),
  dataFolder: '',
};
const door = createCommandDoor({ pool, services, committed: () => undefined });

function entry(description: string, amount: string) {
  const line = { amount, currency: 'EUR' };
  return {
    postedOn: '2026-03-01',
    description,
    lines: [
      { accountCode: '1100', side: 'DEBIT', ...line },
      { accountCode: '3200', side: 'CREDIT', ...line },
    ],
  };
}

/** One call: a key that ends in b is a batch whose entries have keys of their own, any other a single entry. */
async function call(key: string): Promise<boolean> {
  const batch = Array.from({ length: batchSize }, (_, index) => `${key}.${index}`);
  const outcome = key.endsWith('b')
    ? await door.run(
        postJournalEntries,
        {
          bookId,
          entries: batch.map((one, index) => ({ ...entry(one, `${index + 1}.00`), idempotencyKey: one })),
        },
        { actor },
      )
    : await door.run(postJournalEntry, { bookId, ...entry(key, '7.00') }, { actor, idempotencyKey: key });
  if (outcome.errors.length > 0) throw new Error(outcome.errors.map((error) => error.message).join('; '));
  return outcome.result !== undefined;
}

async function answered(key: string): Promise<void> {
  process.stdout.write(`sent ${key}\n`);
  for (;;) {
    const done = await call(key).catch(() => false);
    if (done) break;
    await sleep(50);
  }
  process.stdout.write(`done ${key}\n`);
}

for (const key of again) await answered(key);
const worker = async (place: number): Promise<never> => {
  for (let count = 0; ; count += 1) await answered(`${name}-${place}-${count}${place === 0 ? 'b' : ''}`);
};
await Promise.all([0, 1, 2, 3].map(worker));
