import type { Scope } from '#kernel/actor';
import type { Context } from '#kernel/context';
import { encodeCursor, type DomainEvent } from '#kernel/events';
import { graphqlError, type Graph } from '#kernel/graphql';
import type { OutwardView } from '#kernel/graphql-views';
import type { TypeRef } from '#kernel/graphql-types';

interface LiveOptions<Shape> {
  /** The first part of the events' names; `journalEntry` makes `journalEntryChanged` over `journalEntry.*`. */
  readonly subject: string;
  readonly type: TypeRef<Shape>;
  readonly scope: Scope;
  /** The views that have the subscription; left out, none but the whole graph. */
  readonly views?: readonly OutwardView[];
  readonly load: (id: string, context: Context) => Promise<Shape | null>;
  /** Further facts of the event by which a subscriber may filter. */
  readonly filters?: readonly string[];
}

/**
 * Defines the subscription `<subject>Changed`. The gateway owns the stream of events and asks the subgraph to render
 * one event at a time, so a subgraph keeps no subscriber and a restart loses nothing.
 */
export function liveField<Shape>(graph: Graph, options: LiveOptions<Shape>): void {
  const { builder } = graph;
  const { subject } = options;
  const title = `${subject.charAt(0).toUpperCase()}${subject.slice(1)}Changed`;
  const step = builder.objectRef<DomainEvent>(title).implement({
    description: `One change of a ${subject}.`,
    authScopes: { scope: options.scope },
    views: options.views,
    fields: (t) => ({
      cursor: t.field({
        type: 'Cursor',
        description: 'Pass it as `after` to resume behind this event.',
        resolve: (event) => encodeCursor(event.position),
      }),
      occurredAt: t.field({
        type: 'DateTime',
        description: 'When it happened.',
        resolve: (event) => event.occurredAt,
      }),
      change: t.string({
        description: 'What happened, in one word such as posted or resolved.',
        resolve: (event) => event.type.slice(event.type.indexOf('.') + 1),
      }),
      [subject]: t.field({
        type: options.type as never,
        nullable: true,
        description: `The ${subject} as it is now.`,
        resolve: (event: DomainEvent, _args: unknown, context: Context) =>
          options.load(event.subjectId, context) as never,
      }),
    }),
  });
  if (!builder.configStore.hasConfig('Subscription' as never)) {
    builder.subscriptionType({
      description: 'Live events; every one carries a cursor from which to resume.',
    });
  }
  builder.subscriptionField(`${subject}Changed`, (t) =>
    t.field({
      type: step,
      description: `Changes of ${subject} rows as they are committed, in order, from \`after\` on or from now on.`,
      authScopes: { scope: options.scope },
      views: options.views,
      args: {
        after: t.arg({ type: 'Cursor', description: 'Go on behind this event; nothing is missed.' }),
        ...Object.fromEntries(
          ['bookId', ...(options.filters ?? [])].map((name) => [
            name,
            t.arg.id({ description: `Only events whose ${name} is this.` }),
          ]),
        ),
      },
      subscribe: () => {
        throw graphqlError(
          'FORMAT_WRONG',
          `Subscribe to ${subject}Changed at the gateway; a subgraph renders single events`,
        );
      },
      resolve: (event) => event as DomainEvent,
    }),
  );
}
