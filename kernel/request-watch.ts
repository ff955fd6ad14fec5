import type { Actor } from '#kernel/actor';
import { fieldTotals, type FieldTime, type FieldTimer, type FieldTotals } from '#kernel/field-times';
import type { Span, Tracing } from '#kernel/tracing';

/** What one request to a subgraph took, for whoever asked to be told. */
export interface RequestTimes {
  readonly milliseconds: number;
  readonly statements: number;
  readonly statementMilliseconds: number;
  /** The fields that took longest. */
  readonly fields: readonly FieldTime[];
}

/** Sees a statement of the request's reading transaction: its text without values, and how long it took. */
export type StatementSeen = (text: string, milliseconds: number) => void;

/** Looks at one request while it runs. */
export interface RequestWatch {
  /** The request's actor, under whose span further ones belong. */
  readonly actor: Actor;
  readonly fieldTimer: FieldTimer;
  readonly statement: StatementSeen;
  /** Ends the watch; `code` says how the request failed, if it did. */
  end(code?: string): RequestTimes;
}

interface WatchOptions {
  readonly subgraph: string;
  readonly tracing: Tracing | undefined;
  /** One of this many requests is timed without being asked to; 0 for none. */
  readonly timedRequests: number;
  /** Takes the field times of all requests that are timed. */
  readonly totals: FieldTotals;
}

/** What is looked at of a request before it runs. */
interface Watched {
  readonly actor: Actor;
  readonly operationName?: string | undefined;
  /** Whether the caller wants to be told the times. */
  readonly timed?: boolean | undefined;
}

const slowMilliseconds = 25;
const slowSpans = 30;
const toldFields = 25;

/** Decides for each request whether it is watched; most are not, and cost a comparison. */
export function requestWatcher(options: WatchOptions): (request: Watched) => RequestWatch | undefined {
  const { tracing, timedRequests } = options;
  let seen = 0;
  return (request) => {
    const span =
      tracing && request.actor.spanId
        ? tracing.under(request.actor, `${options.subgraph} subgraph`, {
            kind: 'server',
            facts: {
              'graphql.operation.name': request.operationName,
              'crossfoot.subgraph': options.subgraph,
            },
          })
        : undefined;
    const sampled = timedRequests > 0 && (seen = (seen + 1) % timedRequests) === 0;
    if (!span && !sampled && !request.timed) return undefined;
    return watch(request.actor, span, options);
  };
}

function watch(actor: Actor, span: Span | undefined, { tracing, totals }: WatchOptions): RequestWatch {
  const begun = performance.now();
  const own = fieldTotals();
  let statements = 0;
  let statementMilliseconds = 0;
  let told = 0;
  const tell = (name: string, startedAt: number, milliseconds: number): void => {
    if (!span || milliseconds < slowMilliseconds || told >= slowSpans) return;
    told += 1;
    const from = performance.timeOrigin + startedAt;
    tracing?.under(span, name, { startedAt: from })?.end(from + milliseconds);
  };
  return {
    actor: span ? { ...actor, spanId: span.spanId } : actor,
    fieldTimer(field, startedAt, milliseconds) {
      own.add(field, milliseconds);
      totals.add(field, milliseconds);
      tell(field, startedAt, milliseconds);
    },
    statement(text, milliseconds) {
      statements += 1;
      statementMilliseconds += milliseconds;
      tell(`SQL ${text.slice(0, 200)}`, performance.now() - milliseconds, milliseconds);
    },
    end(code) {
      const times: RequestTimes = {
        milliseconds: performance.now() - begun,
        statements,
        statementMilliseconds,
        fields: own.top(toldFields),
      };
      span?.set({
        'crossfoot.sql.statements': statements,
        'crossfoot.sql.milliseconds': statementMilliseconds,
        'crossfoot.fields.slowest': times.fields
          .slice(0, 5)
          .map((one) => `${one.field} ${one.calls}x ${Math.round(one.longest)} ms`),
      });
      if (code) span?.fail(code);
      span?.end();
      return times;
    },
  };
}
