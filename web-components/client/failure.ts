import type { UserError } from './values.ts';

/** Why an operation failed, in the words an element needs to choose its state. */
export type FailureKind = 'offline' | 'unauthenticated' | 'forbidden' | 'refused' | 'server';

interface GraphQLErrorShape {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly remedy?: string };
}

interface FailureFacts {
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** A failed operation; `remedy` says what the person in front of the screen can do. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly code: string;
  readonly remedy: string;

  constructor({ kind, code, message, remedy }: FailureFacts) {
    super(message);
    this.name = 'Failure';
    this.kind = kind;
    this.code = code;
    this.remedy = remedy;
  }
}

const kinds: Record<string, FailureKind> = {
  UNAUTHENTICATED: 'unauthenticated',
  FORBIDDEN: 'forbidden',
};

/** The failure behind the top-level errors of a GraphQL answer. */
export function failureOfErrors(errors: readonly GraphQLErrorShape[]): Failure {
  const first = errors[0];
  const code = first?.extensions?.code ?? 'INTERNAL';
  const kind = kinds[code] ?? 'server';
  // What a caller of the API should do about its token or scope is no help to the person at the screen.
  const remedy = (kind === 'server' ? first?.extensions?.remedy : undefined) ?? remedies[kind];
  return new Failure({
    kind,
    code,
    message: first?.message ?? 'The service answered with an error.',
    remedy,
  });
}

/** The failure behind an HTTP status that came without a GraphQL answer. */
export function failureOfStatus(status: number): Failure {
  const kind = status === 401 ? 'unauthenticated' : status === 403 ? 'forbidden' : 'server';
  return new Failure({
    kind,
    code: `HTTP_${status}`,
    message: `The service answered with status ${status}.`,
    remedy: remedies[kind],
  });
}

/** The failure of a request that never got an answer. */
export function offline(): Failure {
  return new Failure({
    kind: 'offline',
    code: 'OFFLINE',
    message: 'The service cannot be reached.',
    remedy: remedies.offline,
  });
}

/** The first thing a mutation refused, as a failure. */
export function refused(errors: readonly UserError[]): Failure | undefined {
  const first = errors[0];
  return first
    ? new Failure({ kind: 'refused', code: first.code, message: first.message, remedy: first.remedy })
    : undefined;
}

const overtakenCodes = new Set(['ALREADY_DECIDED', 'VERSION_CONFLICT', 'STATE_CONFLICT']);

/** Whether a change was refused only because somebody else was faster. */
export function wasOvertaken(failure: Failure): boolean {
  return overtakenCodes.has(failure.code);
}

/** Whatever was thrown, as a failure. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure({ kind: 'server', code: 'INTERNAL', message, remedy: remedies.server });
}

const remedies: Record<FailureKind, string> = {
  offline: 'Check the connection; this part comes back by itself.',
  unauthenticated: 'Sign in to the portal again.',
  forbidden: 'Ask the portal for a session that includes this.',
  refused: 'Correct the input and try again.',
  server: 'Try again; if it stays, tell your administrator.',
};
