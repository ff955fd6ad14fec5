import type { ExecuteContext } from '#kernel/command';
import { CrossfootError, remedies, userError, type ErrorCode, type UserError } from '#kernel/errors';
import { payoutReportReader, type Payout } from '#connectors/payout-ports';
import type { ReadProblem, TableSource } from '#connectors/ports';

/** A payout as it stood in one of the files. */
export interface ReadPayout {
  readonly fileId: string;
  readonly payout: Payout;
}

/** What the files hold, and what could not be read of them. */
export interface ReadPayouts {
  readonly payouts: readonly ReadPayout[];
  readonly errors: readonly UserError[];
}

const mostErrors = 100;

/** Reads reports of payment providers; what is wrong with one file leaves the others as they are. */
export async function readPayoutFiles(
  fileIds: readonly string[],
  { actor: { organisationId }, services }: ExecuteContext,
): Promise<ReadPayouts> {
  const payouts: ReadPayout[] = [];
  const errors: UserError[] = [];
  for (const [index, fileId] of fileIds.entries()) {
    const path = ['files', String(index)];
    try {
      const { name, size } = await services.files.describe(organisationId, fileId);
      const source: TableSource = {
        name,
        size,
        bytes: (from, to) => services.files.stream(organisationId, fileId, { from, to }),
      };
      const file = await services.port(payoutReportReader).readFile(source);
      payouts.push(...file.payouts.map((payout) => ({ fileId, payout })));
      // Warnings are about a payout as a whole, and whether it is complete is asked of all reports of it together.
      const lost = file.problems.filter((problem) => problem.severity !== 'warning');
      errors.push(...lost.map((problem) => toUserError(problem, path)));
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      errors.push({ ...error.toUserError(), path });
    }
  }
  if (errors.length <= mostErrors) return { payouts, errors };
  const rest = `${errors.length - mostErrors} further problems of these files are not listed`;
  return { payouts, errors: [...errors.slice(0, mostErrors), userError('LINE_MALFORMED', rest, ['files'])] };
}

function toUserError(problem: ReadProblem, path: readonly string[]): UserError {
  const line = problem.line === undefined ? [] : ['line', String(problem.line)];
  const where = problem.line === undefined ? '' : `Line ${problem.line}: `;
  const code: ErrorCode = problem.code in remedies ? (problem.code as ErrorCode) : 'FILE_UNREADABLE';
  return userError(code, `${where}${problem.message}`, [...path, ...line]);
}
