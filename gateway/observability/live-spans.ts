import type { Actor } from '#kernel/actor';
import type { Span, TracePlace, Tracing } from '#kernel/tracing';
import type { KnownOperation } from '../operations/admission.ts';

/** A rendering under way. */
export interface RenderSpan {
  /** The reader's actor, under whose span the fetches belong. */
  readonly actor: Actor;
  /** `code` says how it failed, if it did. */
  end(code?: string): void;
}

/** Records the renderings of one group of subscribers, each as a trace of its own linked to the group's beginning. */
export type BeginRendering = (rendering: {
  readonly traceId: string;
  readonly actor: Actor;
  readonly events: number;
}) => RenderSpan | undefined;

/** Records the beginning of a group, which stands for its subscription in the links; nothing where nobody collects. */
export function groupSpans(
  tracing: Tracing | undefined,
  { operation, hash }: KnownOperation,
  first: TracePlace,
): BeginRendering | undefined {
  if (!tracing || !first.traceId) return undefined;
  const name = operation.name?.value;
  const suffix = name ? ` ${name}` : '';
  const facts = { 'graphql.operation.name': name, 'crossfoot.operation.hash': hash };
  const begun = begin(tracing, `subscription${suffix}`, { ...first, facts });
  begun?.end();
  return ({ traceId, actor, events }) => {
    const span = tracing.begin(`render${suffix}`, {
      traceId,
      links: begun ? [begun] : [],
      facts: { ...facts, 'crossfoot.events': events, 'crossfoot.organisation.id': actor.organisationId },
    });
    return (
      span && {
        actor: { ...actor, spanId: span.spanId },
        end(code) {
          if (code) span.fail(code);
          span.end();
        },
      }
    );
  };
}

/** Under the request that brought the subscription, or as the first span of its trace. */
function begin(
  tracing: Tracing,
  name: string,
  { traceId = '', spanId, facts }: TracePlace & { readonly facts: Record<string, string | undefined> },
): Span | undefined {
  return spanId
    ? tracing.under({ traceId, spanId }, name, { facts })
    : tracing.begin(name, { traceId, facts });
}
