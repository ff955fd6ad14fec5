import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError, remedies, userError, type ErrorCode, type UserError } from '#kernel/errors';
import { id } from '#kernel/input';
import { referenceRates, type ReadProblem } from '#connectors/ports';
import { storeReferenceRates } from './store-reference-rates.ts';

const mostErrors = 100;

/** Imports the euro reference rates of a file for the organisation; no other organisation sees them. */
export const importReferenceRates = command({
  name: 'importReferenceRates',
  description:
    'Imports the euro reference rates of the European Central Bank from a file as it publishes them (CSV, zipped CSV, XML), for this organisation; days that are known stay as they are.',
  scope: 'transactions:post',
  input: z.object({ fileId: id().meta({ description: 'The file, as the upload answered it.' }) }),
  async prepare({ fileId }, { actor, services }) {
    const bytes = await services.files.read(actor.organisationId, fileId);
    return services.port(referenceRates).readFile(bytes);
  },
  async run(transaction, { fileId }, { days, problems }) {
    const [refusal] = problems.filter(({ severity }) => severity === 'refused');
    if (refusal) {
      const { code, message } = toUserError(refusal);
      throw new CrossfootError(code as ErrorCode, message, { path: ['fileId'] });
    }
    for (const problem of problems.slice(0, mostErrors)) transaction.report(toUserError(problem));
    const stored = await storeReferenceRates(transaction, days);
    if (stored.from && stored.to) {
      transaction.emit({
        type: 'exchangeRates.changed',
        subjectId: fileId,
        facts: { from: stored.from, to: stored.to },
      });
    }
    transaction.audit({ subjectType: 'ReferenceRates', subjectId: fileId, after: stored });
    return { days: stored.days, changed: stored.changed };
  },
});

function toUserError({ code, message, line }: ReadProblem): UserError {
  const where = line === undefined ? '' : `Line ${line}: `;
  const known: ErrorCode = code in remedies ? (code as ErrorCode) : 'FILE_UNREADABLE';
  return userError(known, `${where}${message}`, line === undefined ? ['fileId'] : ['line', String(line)]);
}
