import { CrossfootError, remedies, userError, type ErrorCode, type UserError } from '#kernel/errors';
import type { ExecuteContext } from '#kernel/command';
import type { Services } from '#kernel/services';
import { statementReader, type BankStatement, type ReadOptions, type ReadProblem } from '#connectors/ports';

/** A statement as it stood in one of the files, with what is wrong with it as a whole. */
export interface ReadStatement {
  readonly fileId: string;
  readonly statement: BankStatement;
  readonly problems: readonly UserError[];
}

/** A file as it was fetched, its place among the files of one import, and what could be read of it. */
export interface ReadFile {
  readonly fileId: string;
  readonly index: number;
  /** The headings of a table, also of one whose columns were not recognised. */
  readonly headings?: readonly string[] | undefined;
  /** Kept of a table, and of a file that could not be read whole: it can be read again with what is known by then. */
  readonly again?: { readonly name: string; readonly bytes: Uint8Array };
  readonly statements: readonly ReadStatement[];
  readonly errors: readonly UserError[];
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
  options: ReadOptions,
  { actor, services }: ExecuteContext,
): Promise<ReadFile[]> {
  const files: ReadFile[] = [];
  for (const [index, fileId] of fileIds.entries()) {
    try {
      const { name } = await services.files.describe(actor.organisationId, fileId);
      const bytes = await services.files.read(actor.organisationId, fileId);
      files.push(await readOne({ fileId, index, again: { name, bytes } }, options, services));
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      const path = ['files', String(index)];
      files.push({ fileId, index, statements: [], errors: [{ ...error.toUserError(), path }] });
    }
  }
  return files;
}

/**
 * Reads once more what could not be read whole, and tables, by what is known of each by now; what has nothing to gain
 * stays, and so does a file for which no options are answered.
 */
export async function readAgain(
  files: readonly ReadFile[],
  optionsFor: (file: ReadFile) => ReadOptions | undefined,
  services: Services,
): Promise<ReadFile[]> {
  const read: ReadFile[] = [];
  for (const file of files) {
    const options = file.again === undefined ? undefined : optionsFor(file);
    read.push(options === undefined ? file : await readOne(file, options, services));
  }
  return read;
}

/** All that was read of the files, and the first hundred of what was not. */
export function allRead(files: readonly ReadFile[]): ReadStatements {
  const statements = files.flatMap((file) => file.statements);
  const errors = files.flatMap((file) => file.errors);
  const more = errors.length - mostErrors;
  if (more <= 0) return { statements, errors };
  const rest = userError('LINE_MALFORMED', `${more} further problems of these files are not listed`, [
    'files',
  ]);
  return { statements, errors: [...errors.slice(0, mostErrors), rest] };
}

async function readOne(
  { fileId, index, again }: Pick<ReadFile, 'fileId' | 'index' | 'again'>,
  options: ReadOptions,
  services: Services,
): Promise<ReadFile> {
  if (again === undefined) return { fileId, index, statements: [], errors: [] };
  const file = await services.port(statementReader).readFile(again.bytes, again.name, options);
  const of = (at: number) => (problem: ReadProblem) =>
    problem.path?.[0] === 'statements' && problem.path[1] === String(at);
  const statements = file.statements.map((statement, at) => {
    const problems = file.problems.filter((problem) => isKeptWith(problem) && of(at)(problem));
    return { fileId, statement, problems: problems.map((problem) => toUserError(problem, [])) };
  });
  const lost = file.problems.filter((problem) => problem.severity !== 'warning');
  const errors = lost.map((problem) => toUserError(problem, ['files', String(index)]));
  const { headings } = file;
  const whole = lost.length === 0 && headings === undefined;
  return { fileId, index, headings, again: whole ? undefined : again, statements, errors };
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
