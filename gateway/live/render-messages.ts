import type { ExecutionResult } from 'graphql';
import type { Actor } from '#kernel/actor';
import type { DomainEvent } from '#kernel/events';
import type { Log } from '#kernel/log';
import { toClientError, type ClientError } from '../error-format.ts';
import type { BeginRendering } from '../observability/live-spans.ts';
import { newTraceId, withTrace } from '../trace.ts';
import type { LiveMessage } from './message-batch.ts';
import type { RenderEvents } from './render-events.ts';

/** Rendered events in order; with a failure these are the ones before it. */
export interface Rendered {
  readonly messages: readonly LiveMessage[];
  readonly failure?: ClientError | undefined;
}

interface MessageOptions {
  readonly render: RenderEvents;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly actor: Actor;
  readonly log: Log;
  /** Records the rendering, where traces are. */
  readonly begin?: BeginRendering | undefined;
}

/** Renders events and serialises each once. One trace id stands for the rendering, whoever gets the messages. */
export function renderMessages(events: readonly DomainEvent[], options: MessageOptions): Promise<Rendered> {
  const { render, variables, log } = options;
  const traceId = newTraceId();
  const reader: Actor = { ...options.actor, traceId };
  const span = options.begin?.({ traceId, actor: reader, events: events.length });
  const failed = (error: unknown): ClientError => {
    const shown = toClientError(error);
    span?.end(shown.extensions.code);
    if (shown.extensions.code === 'INTERNAL') log.error({ err: error, traceId }, 'a subscription failed');
    return shown;
  };
  return withTrace(traceId, async () => {
    const messages: LiveMessage[] = [];
    try {
      const results = await render(events, { actor: span?.actor ?? reader, variables });
      for (const [index, event] of events.entries()) {
        const result = results[index];
        if (!result || !hasData(result)) {
          const error = result?.errors?.[0] ?? new Error('A subgraph gave no answer for an event');
          return { messages, failure: failed(error) };
        }
        messages.push({ position: event.position, payload: serialised(result, traceId) });
      }
      span?.end();
      return { messages };
    } catch (error) {
      return { messages, failure: failed(error) };
    }
  });
}

/** The only root field of a subscription is null when its event could not be rendered. */
function hasData(result: ExecutionResult): boolean {
  return Object.values(result.data ?? {}).some((value) => value !== null);
}

function serialised({ data, errors }: ExecutionResult, traceId: string): Buffer {
  const shown = { data, ...(errors ? { errors: errors.map(toClientError) } : {}), extensions: { traceId } };
  return Buffer.from(JSON.stringify(shown));
}
