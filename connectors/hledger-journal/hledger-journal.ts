import { CrossfootError } from '#kernel/errors';
import type { AccountingSystem, LedgerEntry, PushOutcome } from '#connectors/ports';
import { journalFile } from './journal-file.ts';
import { whileLocked } from './journal-lock.ts';
import { faultOf } from './journal-text.ts';
import { readJournal } from './read-journal.ts';

/** The kind of this connector. */
export const hledgerJournalKind = 'HLEDGER_JOURNAL';

/**
 * The journal file at an absolute path as an accounting system. Pushing throws SYNC_UNAVAILABLE when the file cannot be
 * written; what was answered as pushed is on disk.
 */
export function hledgerJournal(path: string): AccountingSystem {
  const file = journalFile(path);
  return {
    kind: hledgerJournalKind,
    capabilities: ['push-journal-entries', 'read-journal-entries'],
    readJournalEntries: async () => readJournal(await file.read()),
    async pushJournalEntries(entries) {
      const faults = new Map(entries.map((entry) => [entry.id, faultOf(entry)]));
      const sound = new Map(
        entries.filter((entry) => !faults.get(entry.id)).map((entry) => [entry.id, entry]),
      );
      const held = await append(file, path, [...sound.values()]);
      const written = new Set<string>();
      return entries.map((entry) => {
        const fault = faults.get(entry.id);
        const first = !held.has(entry.id) && !written.has(entry.id);
        written.add(entry.id);
        return outcomeOf(entry, { fault, first });
      });
    },
  };
}

async function append(
  file: ReturnType<typeof journalFile>,
  path: string,
  entries: readonly LedgerEntry[],
): Promise<ReadonlySet<string>> {
  if (entries.length === 0) return new Set();
  try {
    return await whileLocked(path, () => file.append(entries));
  } catch (cause) {
    if (cause instanceof CrossfootError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CrossfootError('SYNC_UNAVAILABLE', `${path} cannot be written: ${reason}`, { cause });
  }
}

function outcomeOf(entry: LedgerEntry, { fault, first }: { fault?: string; first: boolean }): PushOutcome {
  if (fault) {
    return {
      id: entry.id,
      result: 'refused',
      code: 'SYNC_REFUSED',
      message: `Entry ${entry.number}: ${fault}`,
    };
  }
  return { id: entry.id, result: first ? 'pushed' : 'already-there', externalId: `entry:${entry.id}` };
}
