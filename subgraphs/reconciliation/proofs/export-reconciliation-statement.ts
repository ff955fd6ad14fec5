import { z } from 'zod';
import { startOfMonth } from '#kernel/calendar';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { date, id, oneOf } from '#kernel/input';
import { bytesOf, reportFile, type ReportFile } from '#kernel/report-file';
import { askOf } from '../matches/find-concerned.ts';
import { loadProof } from './load-proof.ts';
import { contentText, statementContent, type StatementContent } from './statement-content.ts';
import { statementTable } from './statement-table.ts';

/** The kinds of file a reconciliation statement is written to. */
export const statementFormats = ['PDF', 'CSV', 'XLSX', 'JSON'] as const;

/** Larger than what may be uploaded, because nobody else decides on it. */
const limitBytes = 1024 ** 3;

/** Writes a reconciliation statement to a file: drawn up now, or as it was signed. */
export const exportReconciliationStatement = command({
  name: 'exportReconciliationStatement',
  description:
    'Writes a reconciliation statement as PDF, CSV, XLSX or JSON to a file that can be fetched from its path: drawn up ' +
    'now, or as it was signed. The JSON of a signed one is what its hash is of.',
  scope: 'reconciliation:read',
  input: z
    .object({
      format: oneOf('ReconciliationStatementFormat', statementFormats),
      bankAccountId: id()
        .optional()
        .meta({ graphql: 'ID', description: 'The account; not for a signed one.' }),
      asOf: date().optional().meta({ graphql: 'Date', description: 'The day; not for a signed one.' }),
      from: date().optional().meta({
        graphql: 'Date',
        description: 'The first day of the differences that are listed; that of the month when left out.',
      }),
      signedStatementId: id().optional().meta({ graphql: 'ID', description: 'The signed one.' }),
    })
    .refine((input) => (input.signedStatementId === undefined) === (input.bankAccountId !== undefined), {
      message: 'give either bankAccountId and asOf, or signedStatementId',
      path: ['bankAccountId'],
    })
    .refine((input) => (input.bankAccountId === undefined) === (input.asOf === undefined), {
      message: 'say the day together with the account',
      path: ['asOf'],
    }),
  async run(transaction, { format, bankAccountId = '', asOf, from, signedStatementId }) {
    const content =
      asOf === undefined
        ? await signedContent(askOf(transaction), signedStatementId ?? '')
        : statementContent(
            await loadProof(askOf(transaction), { bankAccountId, asOf, from: from ?? startOfMonth(asOf) }),
            transaction.now,
          );
    const { name, mediaType, content: bytes } = await fileOf(content, format);
    const stored = await transaction.services.files.put(transaction.organisationId, bytes, {
      name,
      mediaType,
      limitBytes,
    });
    transaction.audit({
      subjectType: signedStatementId === undefined ? 'BankAccount' : 'SignedStatement',
      subjectId: signedStatementId ?? bankAccountId,
      after: { format, asOf: content.asOf, verdict: content.verdict, fileId: stored.id },
    });
    return { fileId: stored.id, name, mediaType, size: stored.size };
  },
});

async function signedContent(
  ask: ReturnType<typeof askOf>,
  signedStatementId: string,
): Promise<StatementContent> {
  const [row] = await ask<{ content: string }>(
    'select content from reconciliation.signed_statement where id = $1',
    [signedStatementId],
  );
  if (row) return JSON.parse(row.content) as StatementContent;
  throw new CrossfootError('NOT_FOUND', `There is no signed statement ${signedStatementId}`, {
    path: ['signedStatementId'],
  });
}

/** The same bytes for the same content: a file is dated by when its statement was drawn up. */
async function fileOf(
  content: StatementContent,
  format: (typeof statementFormats)[number],
): Promise<ReportFile> {
  if (format !== 'JSON') {
    const madeAt = new Date(content.drawnUpAt);
    return reportFile(statementTable(content), { format, on: content.asOf, madeAt });
  }
  const name = `reconciliation-statement-${content.asOf}.json`;
  return { name, mediaType: 'application/json', content: bytesOf([contentText(content)]) };
}
