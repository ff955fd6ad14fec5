import { CrossfootError, remedies, userError, type ErrorCode, type UserError } from '#kernel/errors';

interface DatabaseError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly constraint?: string;
}

const transientStates = new Set([
  '40001',
  '40P01',
  '55P03',
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08003',
  '08006',
]);

/** Whether trying the whole transaction again can help: deadlock, serialisation, a restarted server, a key race. */
export function isTransient(error: unknown): boolean {
  const failure = databaseError(error);
  if (failure) return transientStates.has(failure.code) || isKeyRace(error);
  return error instanceof Error && /Connection terminated|ECONNREFUSED|ECONNRESET/.test(error.message);
}

/** Two at once under one key: the second finds what the first did when it tries again. */
export function isKeyRace(error: unknown): boolean {
  const constraint = databaseError(error)?.constraint;
  return constraint === 'command_log_pkey' || constraint?.endsWith('_idempotency') === true;
}

/**
 * What the caller can fix, as data, or undefined for what is ours to fix.
 * Our own triggers raise SQLSTATE `CF…` with a code of the error table as hint.
 */
export function failureOf(error: unknown): UserError[] | undefined {
  if (error instanceof CrossfootError) return error.code === 'INTERNAL' ? undefined : [error.toUserError()];
  const failure = databaseError(error);
  if (failure?.code.startsWith('CF') && isCode(failure.hint))
    return [userError(failure.hint, failure.message)];
  if (failure?.code === '53100')
    return [userError('UNAVAILABLE', 'The database has no room left; intake is paused')];
  return undefined;
}

/** The database's own description of a failure, if it is one. */
export function databaseError(error: unknown): DatabaseError | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^[0-9A-Z]{5}$/.test(error.code) ? (error as unknown as DatabaseError) : undefined;
}

function isCode(text: string | undefined): text is ErrorCode {
  return text !== undefined && text in remedies;
}
