import type { ExecutionResult } from 'graphql';
import { encodeCursor, type DomainEvent, type EventPosition } from '#kernel/events';
import type { Log } from '#kernel/log';
import { codedError, toClientError, type ClientError } from '../error-format.ts';
import type { Metrics } from '../metrics.ts';
import { withTrace } from '../trace.ts';
import type { EventStream } from './event-stream.ts';

/** One message of a subscription. */
export interface LiveResult {
  readonly data: ExecutionResult['data'];
  readonly errors?: readonly ClientError[];
  readonly extensions: { readonly traceId: string };
}

interface ResultOptions {
  readonly stream: EventStream;
  readonly render: (event: DomainEvent) => Promise<ExecutionResult>;
  readonly after: EventPosition;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly traceId: string;
}

/**
 * The messages of a subscription. It is no generator, because `return` of a generator that waits for an event would
 * itself wait for that event. A step without data ends it with the last cursor, so that no event is passed over.
 */
export function liveResults(options: ResultOptions): AsyncIterableIterator<LiveResult> {
  const { stream, render, metrics, traceId, log } = options;
  let last = options.after;
  let open = true;
  metrics.liveSubscriptions.inc();
  const finish = (reason: string): void => {
    if (!open) return;
    open = false;
    stream.end();
    metrics.liveSubscriptions.dec();
    metrics.subscriptionsEnded.inc({ reason });
  };
  const step = async (): Promise<IteratorResult<LiveResult, undefined>> => {
    const event = await stream.next();
    const result = event && (await render(event));
    if (!event || !result || !open) return { done: true, value: undefined };
    if (!hasData(result)) throw result.errors?.[0] ?? new Error('A subgraph gave no answer for an event');
    last = event.position;
    metrics.eventsDelivered.inc();
    return { done: false, value: shown(result, traceId) };
  };
  const stepOrFail = (): Promise<IteratorResult<LiveResult, undefined>> =>
    step().catch((error: unknown) => {
      const { message, extensions } = toClientError(error);
      if (extensions.code === 'INTERNAL') log.error({ err: error, traceId }, 'a subscription failed');
      finish(extensions.code);
      throw codedError(extensions.code, message, { ...extensions, lastCursor: encodeCursor(last) });
    });
  const iterator: AsyncIterableIterator<LiveResult> = {
    next: () => withTrace(traceId, stepOrFail),
    async return() {
      finish('client');
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

/** The only root field of a subscription is null when its event could not be rendered. */
function hasData(result: ExecutionResult): boolean {
  return Object.values(result.data ?? {}).some((value) => value !== null);
}

function shown(result: ExecutionResult, traceId: string): LiveResult {
  return {
    data: result.data,
    ...(result.errors ? { errors: result.errors.map(toClientError) } : {}),
    extensions: { traceId },
  };
}
