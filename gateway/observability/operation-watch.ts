import type { GraphQLError } from 'graphql';
import type { Actor } from '#kernel/actor';
import type { Log } from '#kernel/log';
import { failureCode, type Span, type Tracing } from '#kernel/tracing';
import type { FetchObservation, Observer } from '../execution/run.ts';
import type { AdmittedOperation } from '../operations/admission.ts';
import type { RecentOperations } from './recent-operations.ts';

/** Looks at one operation while it runs. */
export interface OperationWatch extends Observer {
  /** The operation's actor, under whose span its fetches belong. */
  readonly actor: Actor;
  /** Says that the plan was made just now, since an instant of `performance.now()`. */
  readonly planned: (since: number) => void;
  /** To be called once, whatever became of it. */
  end(errors?: readonly GraphQLError[]): void;
}

/** Begins to look at an operation that was let in. */
export type WatchOperation = (admitted: AdmittedOperation, actor: Actor) => OperationWatch;

interface WatchOptions {
  readonly log: Log;
  readonly tracing: Tracing | undefined;
  readonly recent: RecentOperations;
  /** What takes longer is logged; 0 logs nothing. */
  readonly slowMilliseconds: number;
}

/** A plan found in memory takes less; only making one is worth telling. */
const plannedMilliseconds = 0.5;

/**
 * Looks at operations for traces, the log of slow ones and the list of recent ones. Names, hashes and figures are kept;
 * variables and tokens never.
 */
export function operationWatcher(options: WatchOptions): WatchOperation {
  const { log, tracing, recent, slowMilliseconds } = options;
  return (admitted, actor) => {
    const begun = performance.now();
    const span = tracing && actor.spanId ? begin(tracing, admitted, actor) : undefined;
    const fetches: FetchObservation[] = [];
    let planMilliseconds = 0;
    return {
      actor: span ? { ...actor, spanId: span.spanId } : actor,
      fetch: (observation) => void fetches.push(observation),
      planned(since) {
        const milliseconds = performance.now() - since;
        if (milliseconds < plannedMilliseconds) return;
        planMilliseconds = milliseconds;
        const startedAt = performance.timeOrigin + since;
        tracing?.under(span, 'plan', { startedAt })?.end();
      },
      end(errors) {
        const milliseconds = performance.now() - begun;
        recent.seen(admitted, milliseconds);
        if (span) finish(span, errors);
        if (slowMilliseconds === 0 || milliseconds < slowMilliseconds) return;
        const told = { ...namesOf(admitted), milliseconds: rounded(milliseconds), traceId: actor.traceId };
        const plan = planMilliseconds > 0 ? { planMilliseconds: rounded(planMilliseconds) } : {};
        log.warn({ ...told, ...plan, fetches: fetches.map(shown) }, 'a slow operation');
      },
    };
  };
}

function begin(tracing: Tracing, admitted: AdmittedOperation, actor: Actor): Span | undefined {
  const { name, type, hash, cost, client } = namesOf(admitted);
  return tracing.under(actor, `${type} ${name ?? ''}`.trim(), {
    facts: {
      'graphql.operation.name': name,
      'graphql.operation.type': type,
      'crossfoot.operation.hash': hash,
      'crossfoot.operation.cost': cost,
      'crossfoot.client.name': client.name || undefined,
      'crossfoot.client.version': client.version || undefined,
      'crossfoot.organisation.id': actor.organisationId,
    },
  });
}

function finish(span: Span, errors: readonly GraphQLError[] | undefined): void {
  const [first] = errors ?? [];
  if (first) {
    span.set({ 'crossfoot.errors': errors?.length });
    span.fail(failureCode(first));
  }
  span.end();
}

function namesOf({ operation, hash, cost, client }: AdmittedOperation) {
  return { name: operation.name?.value, type: operation.operation, hash, cost, client };
}

/** A fetch as it stands in the log: where, what kind, how long. */
function shown({ subgraph, path, kind, entities, milliseconds, failed }: FetchObservation) {
  return { subgraph, path: path.join('.'), kind, entities, milliseconds: rounded(milliseconds), failed };
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
