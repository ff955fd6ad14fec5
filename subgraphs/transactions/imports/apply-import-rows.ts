import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { id } from '#kernel/input';
import type { Applied } from './applied.ts';
import { applyBudget } from './apply-budget.ts';
import { applyChart } from './apply-chart.ts';
import { applyJournal } from './apply-journal.ts';
import { applyOpening } from './apply-opening.ts';
import type { ImportKind } from './import-kinds.ts';
import { lockImport, tellProgress, type LockedImport } from './import-status.ts';
import { storeProblems } from './store-problems.ts';

const appliers: Readonly<
  Record<ImportKind, (transaction: Transaction, locked: LockedImport) => Promise<Applied>>
> = {
  JOURNAL: applyJournal,
  CHART_OF_ACCOUNTS: applyChart,
  OPENING_BALANCES: applyOpening,
  BUDGET: applyBudget,
};

/** Moves the next rows of an import from the stage into the books, or among its problems: one transaction for both ends. */
export const applyImportRows = command({
  name: 'applyImportRows',
  description: 'Applies the next rows of an import that wait on the stage.',
  scope: 'platform:internal',
  input: z.object({ importId: id(), from: z.int() }),
  async run(transaction, { importId, from }) {
    const locked = await lockImport(transaction, importId);
    // Paused, cancelled, or applied by another worker meanwhile.
    if (locked.status !== 'APPLYING' || locked.applied_entry !== from) return { applied: false };
    const applied = await appliers[locked.kind](transaction, locked);
    await transaction.query(
      `update transactions.import
          set applied_entry = $2, rows_applied = rows_applied + $3, rows_refused = rows_refused + $4,
              records_made = records_made + $5, records_known = records_known + $6
        where id = $1`,
      [importId, applied.entry, applied.rowsApplied, applied.rowsRefused, applied.made, applied.known],
    );
    await storeProblems(transaction, locked, applied.problems);
    await tellProgress(transaction, locked);
    const { problems, ...counts } = applied;
    transaction.audit({
      subjectType: 'Import',
      subjectId: importId,
      after: { ...counts, problems: problems.length },
    });
    return { applied: true };
  },
});
