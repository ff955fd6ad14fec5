import { DefaultLogger, type LogContext, type Logger, type LoggerOptions } from '@mikro-orm/core';
import type { StatementSeen } from '#kernel/request-watch';

/** What a request's entity manager says beside each of its statements. */
export interface StatementContext {
  readonly statement?: StatementSeen;
}

/** The mapper's logger, which tells a watched request of its statements; their values stay out of it. */
class StatementLogger extends DefaultLogger {
  override logQuery(context: { query: string } & LogContext & StatementContext): void {
    if (context.statement) context.statement(context.query, context.took ?? 0);
    super.logQuery(context);
  }
}

/** Makes the logger of one mapper. */
export function statementLogger(options: LoggerOptions): Logger {
  return new StatementLogger(options);
}
