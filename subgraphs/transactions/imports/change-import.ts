import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { importJobName } from './import-job-name.ts';
import { advanceImport, lockImport, type ImportStatus, type LockedImport } from './import-status.ts';

const input = z.object({ importId: id() });

/** Stops an import behind the chunk that is under way. */
export const pauseImport = command({
  name: 'pauseImport',
  description: 'Stops an import until it is resumed; what was applied stays, and nothing is lost.',
  scope: 'transactions:post',
  input,
  async run(transaction, { importId }) {
    const locked = await lockImport(transaction, importId);
    await advanceImport(transaction, locked, 'PAUSED');
    transaction.emit({ type: 'import.paused', subjectId: importId, bookId: locked.book_id, facts: {} });
    transaction.audit({
      subjectType: 'Import',
      subjectId: importId,
      before: { status: locked.status },
      after: { status: 'PAUSED' },
    });
    return { importId };
  },
});

/** Goes on with a paused import where it stopped. */
export const resumeImport = command({
  name: 'resumeImport',
  description: 'Goes on with a paused import where it stopped.',
  scope: 'transactions:post',
  input,
  async run(transaction, { importId }) {
    const locked = await lockImport(transaction, importId);
    if (locked.status !== 'PAUSED') {
      throw new CrossfootError('STATE_CONFLICT', `The import is ${locked.status} and was not paused`, {
        path: ['importId'],
      });
    }
    const status = resumedStatus(locked);
    await advanceImport(transaction, locked, status);
    transaction.emit({ type: 'import.resumed', subjectId: importId, bookId: locked.book_id, facts: {} });
    transaction.audit({
      subjectType: 'Import',
      subjectId: importId,
      before: { status: 'PAUSED' },
      after: { status },
    });
    transaction.wake(importJobName, { organisationId: transaction.organisationId, importId });
    return { importId };
  },
});

function resumedStatus({
  place,
  read_whole: readWhole,
  applied_entry: applied,
  problem_count: problems,
  settings,
}: LockedImport): ImportStatus {
  if (place === null) return 'QUEUED';
  const stopped = settings.stopOnProblems && problems > 0 && applied === 0;
  return readWhole && !stopped ? 'APPLYING' : 'READING';
}

/** Ends an import. */
export const cancelImport = command({
  name: 'cancelImport',
  description: 'Ends an import. What was applied before stays in the books; rows that wait are dropped.',
  scope: 'transactions:post',
  input,
  async run(transaction, { importId }) {
    const locked = await lockImport(transaction, importId);
    await advanceImport(transaction, locked, 'CANCELLED');
    transaction.emit({
      type: 'import.finished',
      subjectId: importId,
      bookId: locked.book_id,
      facts: { status: 'CANCELLED' },
    });
    transaction.audit({
      subjectType: 'Import',
      subjectId: importId,
      before: { status: locked.status },
      after: { status: 'CANCELLED' },
    });
    // Somebody has to clear the stage.
    transaction.wake(importJobName, { organisationId: transaction.organisationId, importId });
    return { importId };
  },
});
