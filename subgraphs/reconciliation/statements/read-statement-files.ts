import { CrossfootError, remedies, userError, type ErrorCode, type UserError } from '#kernel/errors';
import type { ExecuteContext } from '#kernel/command';
import { statementReader, type BankStatement, type CsvProfile, type ReadProblem } from '#connectors/ports';

/** A statement as it stood in one of the files, with what is wrong with it as a whole. */
export interface ReadStatement {
  readonly fileId: string;
  readonly statement: BankStatement;
  readonly problems: readonly UserError[];
}

/** What the files hold, and what could not be read of them. */
export interface ReadStatements {
  readonly statements: readonly ReadStatement[];
  readonly errors: readonly UserError[];
}

const mostErrors = 100;

/** Reads the files; what is wrong with one of them leaves the others as they are. */
export async function readStatementFiles(
  fileIds: readonly string[],
  csv: CsvProfile | undefined,
  { actor, services }: ExecuteContext,
): Promise<ReadStatements> {
  const statements: ReadStatement[] = [];
  const errors: UserError[] = [];
  for (const [index, fileId] of fileIds.entries()) {
    const path = ['files', String(index)];
    try {
      const { name } = await services.files.describe(actor.organisationId, fileId);
      const bytes = await services.files.read(actor.organisationId, fileId);
      const file = services.port(statementReader).readFile(bytes, name, { csv });
      const of = (at: number) => (problem: ReadProblem) =>
        problem.path?.[0] === 'statements' && problem.path[1] === String(at);
      for (const [at, statement] of file.statements.entries()) {
        const problems = file.problems.filter((problem) => isKeptWith(problem) && of(at)(problem));
        statements.push({ fileId, statement, problems: problems.map((problem) => toUserError(problem, [])) });
      }
      const lost = file.problems.filter((problem) => problem.severity !== 'warning');
      errors.push(...lost.map((problem) => toUserError(problem, path)));
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      errors.push({ ...error.toUserError(), path });
    }
  }
  const more = errors.length - mostErrors;
  if (more <= 0) return { statements, errors };
  const rest = userError('LINE_MALFORMED', `${more} further problems of these files are not listed`, [
    'files',
  ]);
  return { statements, errors: [...errors.slice(0, mostErrors), rest] };
}

function isKeptWith(problem: ReadProblem): boolean {
  return problem.severity === 'warning';
}

function toUserError(problem: ReadProblem, path: readonly string[]): UserError {
  const line = problem.line === undefined ? [] : ['line', String(problem.line)];
  const where = problem.line === undefined ? '' : `Line ${problem.line}: `;
  const code: ErrorCode = problem.code in remedies ? (problem.code as ErrorCode) : 'FILE_UNREADABLE';
  return userError(code, `${where}${problem.message}`, [...path, ...line]);
}
