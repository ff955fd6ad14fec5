import { command } from '#kernel/command';
import { newId } from '#kernel/ids';
import { CrossfootError } from '#kernel/errors';
import { requireBook } from '../ledger/require-book.ts';
import { examineFile } from './examine-file.ts';
import { importInput, mappingOf, rememberedMapping, rememberMapping } from './import-input.ts';
import { importJobName } from './import-job-name.ts';
import { loadSample } from './load-sample.ts';
import { openFile } from './open-file.ts';

/** Begins to import a file of rows. */
export const startImport = command({
  name: 'startImport',
  description:
    'Begins to import a file of journal entries, accounts or opening balances. It goes on in the background; ' +
    '`importChanged` tells of its progress. A mapping that is given is remembered for files with the same headings.',
  scope: 'transactions:post',
  input: importInput,
  async prepare(input, { actor, services }) {
    const { stored, table } = await openFile(
      { services, organisationId: actor.organisationId },
      input.fileId,
      input,
    );
    return { stored, table, rows: await loadSample(table) };
  },
  async run(transaction, input, { stored, table, rows }) {
    await requireBook(transaction, input.bookId);
    const { base_currency: baseCurrency } = await transaction.require<{ base_currency: string }>(
      `There is no book ${input.bookId}`,
      'select base_currency from transactions.book where id = $1',
      [input.bookId],
    );
    const chosen = mappingOf(input);
    const mapping = chosen ?? (await rememberedMapping(transaction, input.kind, table.header));
    const { settings, problems } = examineFile(input.kind, {
      table,
      rows,
      given: input,
      mapping,
      baseCurrency,
    });
    const [first, ...others] = problems;
    for (const other of others) transaction.report(other.toUserError());
    if (first) throw first;
    if (input.budgetId !== undefined) {
      await transaction.require(
        `The book has no budget ${input.budgetId}`,
        'select 1 from transactions.budget where id = $1 and book_id = $2',
        [input.budgetId, input.bookId],
      );
    }
    if (input.differenceAccount !== undefined && input.kind !== 'OPENING_BALANCES') {
      throw new CrossfootError('FIELD_INVALID', 'Only opening balances have a difference', {
        path: ['differenceAccount'],
      });
    }
    if (chosen) await rememberMapping(transaction, input.kind, { header: table.header, mapping: chosen });
    const importId = newId('imp');
    await transaction.query(
      `insert into transactions.file (organisation_id, id, name, media_type, size, sha256)
       values ($1, $2, $3, $4, $5, $6) on conflict (organisation_id, id) do nothing`,
      [transaction.organisationId, stored.id, stored.name, stored.mediaType, stored.size, stored.sha256],
    );
    await transaction.insert('transactions.import', {
      id: importId,
      book_id: input.bookId,
      kind: input.kind,
      status: 'QUEUED',
      file_id: stored.id,
      settings: JSON.stringify(settings),
      bytes_total: stored.size,
      started_by: transaction.actor.memberId ?? null,
      started_at: transaction.now,
      told_at: transaction.now,
    });
    transaction.emit({
      type: 'import.started',
      subjectId: importId,
      bookId: input.bookId,
      facts: { kind: input.kind },
    });
    transaction.audit({ subjectType: 'Import', subjectId: importId, after: { ...input, settings } });
    transaction.wake(importJobName, { organisationId: transaction.organisationId, importId });
    return { importId };
  },
});
