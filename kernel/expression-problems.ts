import { CrossfootError } from '#kernel/errors';

/** When a problem was found: reading the text, checking its types, or evaluating it with data. */
export type ProblemKind = 'syntax' | 'type' | 'evaluation';

/** A problem at a place of an expression, before its text is known. */
export class ExpressionProblem extends Error {
  /** The character at which it begins, from 0. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Turns whatever reading, checking or evaluating threw into a typed error that names the place in the text. */
export function describeProblem(kind: ProblemKind, text: string, error: unknown): CrossfootError {
  if (error instanceof CrossfootError && error.code !== 'EXPRESSION_FAILED') {
    if (error.code.startsWith('EXPRESSION_')) return error;
    return new CrossfootError('EXPRESSION_FAILED', `${error.message}: ${text}`, { cause: error });
  }
  const found = error as {
    code?: unknown;
    summary?: unknown;
    message?: unknown;
    range?: { start?: unknown };
    at?: unknown;
  };
  const said = String(found.summary ?? found.message ?? error).split('\n')[0] ?? '';
  if (found.code === 'limit_exceeded' || error instanceof RangeError) {
    const message = `The expression is too large or too deep: ${said}`;
    return new CrossfootError('EXPRESSION_LIMIT', message, { cause: error });
  }
  const start = [found.at, found.range?.start].find((one) => typeof one === 'number');
  const where = start === undefined ? '' : ` at ${place(text, start)}`;
  const code = kind === 'evaluation' ? 'EXPRESSION_FAILED' : 'EXPRESSION_INVALID';
  return new CrossfootError(code, `${plain(said)}${where}: ${text}`, { cause: error });
}

/** Line and character as people count them, from 1. */
function place(text: string, at: number): string {
  const before = text.slice(0, at).split('\n');
  const character = (before.at(-1)?.length ?? 0) + 1;
  return before.length > 1 ? `line ${before.length}, character ${character}` : `character ${character}`;
}

/** The words of cel-js where they need help. */
function plain(said: string): string {
  const overload = /^no such overload: (\S+) (\S+) (\S+)$/.exec(said);
  if (overload) return `"${overload[2]}" does not go between ${overload[1]} and ${overload[3]}`;
  const missing = /^found no matching overload for '(.+)'$/.exec(said);
  if (missing) return `No function takes ${missing[1]}`;
  return said;
}
