import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { Log } from '#kernel/log';
import { toClientError, type ClientError } from '../error-format.ts';

/** Gives the errors of answers their outward shape and logs those that are ours to fix. */
export function errorPresenter(log: Log): (error: GraphQLFormattedError, cause: unknown) => ClientError {
  return (error, cause) => {
    const shown = toClientError(error);
    if (shown.extensions.code === 'INTERNAL') {
      log.error({ err: cause, traceId: shown.extensions.traceId, path: shown.path }, 'an operation failed');
    }
    return shown;
  };
}

/** The same for a list of errors as they were thrown or came from a subgraph. */
export function errorsPresenter(log: Log): (errors: readonly GraphQLError[]) => readonly ClientError[] {
  const present = errorPresenter(log);
  return (errors) => errors.map((error) => present(error, error));
}
