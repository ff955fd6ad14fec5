import type { FieldMap, ImplementableObjectRef, InterfaceRef, ObjectRef } from '@pothos/core';
import type { Scope } from '#kernel/actor';
import type { Context } from '#kernel/context';
import type { Graph, GraphTypes } from '#kernel/graphql';
import { outward, type OutwardView } from '#kernel/graphql-views';

/** The types of our builders as Pothos extends them. */
export type Types = PothosSchemaTypes.ExtendDefaultTypes<GraphTypes>;

/** The tag of fields whose value depends on who asks; all others are alike for everybody with the same rights. */
export const personal = 'personal';

/** A reference to an object type of a subgraph. */
export type TypeRef<Shape> = ObjectRef<Types, Shape, Shape>;

type FieldBuilder<Shape> = PothosSchemaTypes.ObjectFieldBuilder<Types, Shape>;

interface TypeOptions<Shape> {
  readonly description: string;
  /** The right without which no field of the type is answered. */
  readonly scope: Scope;
  /** The views that show the fields below; a field may say otherwise. Left out: none. */
  readonly views?: readonly OutwardView[];
  readonly fields: (t: FieldBuilder<Shape>) => FieldMap;
}

const idDescription = 'Opaque, globally unique.';
const nodes = new WeakMap<Graph, InterfaceRef<Types, Stub>>();

/**
 * Relay's interface. Only the subgraph that owns an entity says that it implements it, never one that refers to the
 * entity: by this the gateway knows whom to ask whether an id exists.
 */
function nodeOf(graph: Graph): InterfaceRef<Types, Stub> {
  const known = nodes.get(graph);
  if (known) return known;
  const node = graph.builder.interfaceRef<Stub>('Node').implement({
    description: 'Whatever has an id of its own.',
    views: outward,
    fields: (t) => ({ id: t.exposeID('id', { description: idDescription }) }),
  });
  nodes.set(graph, node);
  return node;
}

/** Defines an entity this subgraph owns: keyed by id, loaded in batches wherever another subgraph refers to it. */
export function entity<Shape extends { id: string }>(
  graph: Graph,
  name: string,
  options: TypeOptions<Shape> & { readonly load: (id: string, context: Context) => Promise<Shape | null> },
): TypeRef<Shape> {
  const { builder } = graph;
  const ref = builder.objectRef<Shape>(name) as ImplementableObjectRef<Types, Shape>;
  ref.implement({
    description: options.description,
    interfaces: [nodeOf(graph)],
    authScopes: { scope: options.scope } as never,
    views: options.views,
    fields: (t: FieldBuilder<Shape>) => ({
      id: t.field({
        type: 'ID',
        description: idDescription,
        resolve: (row: Shape) => row.id,
      } as never),
      ...options.fields(t),
    }),
  } as never);
  builder.asEntity(ref, {
    key: builder.selection<{ id: string }>('id'),
    resolveReference: (key: { id: string }, context: Context) => options.load(key.id, context),
  } as never);
  return ref;
}

/** Defines an object type without an identity of its own. */
export function record<Shape>(graph: Graph, name: string, options: TypeOptions<Shape>): TypeRef<Shape> {
  const ref = graph.builder.objectRef<Shape>(name) as ImplementableObjectRef<Types, Shape>;
  ref.implement({
    description: options.description,
    authScopes: { scope: options.scope } as never,
    views: options.views,
    fields: options.fields,
  } as never);
  return ref;
}

/** The shape of an entity another subgraph owns, as far as this one knows it. */
export interface Stub {
  readonly id: string;
}

/** Refers to an entity another subgraph owns; the gateway fetches its fields there. */
export function stub(graph: Graph, name: string): TypeRef<Stub> {
  const { builder } = graph;
  const ref = builder.objectRef<Stub>(name) as ImplementableObjectRef<Types, Stub>;
  ref.implement({ fields: (t: FieldBuilder<Stub>) => ({ id: t.exposeID('id' as never) }) } as never);
  builder.asEntity(ref, {
    key: builder.keyDirective(builder.selection<{ id: string }>('id'), false),
    resolveReference: (key: Stub) => key,
  } as never);
  return ref;
}

/** The owner of an entity says in which views its id stands. */
const ownersViews = { views: [] } as never;

/** Adds fields to an entity another subgraph owns. */
export function extension(
  graph: Graph,
  name: string,
  options: Omit<TypeOptions<Stub>, 'description'>,
): TypeRef<Stub> {
  const { builder } = graph;
  const ref = builder.objectRef<Stub>(name) as ImplementableObjectRef<Types, Stub>;
  ref.implement({
    authScopes: { scope: options.scope } as never,
    views: options.views,
    fields: (t: FieldBuilder<Stub>) => ({ id: t.exposeID('id' as never, ownersViews), ...options.fields(t) }),
  } as never);
  builder.asEntity(ref, {
    key: builder.selection<{ id: string }>('id'),
    resolveReference: (key: Stub) => ({ id: key.id }),
  } as never);
  return ref;
}

/** Defines an enum from its values and what each means; usable in fields and, by its name, in command inputs. */
export function enumeration<Values extends Record<string, string>>(
  graph: Graph,
  name: string,
  options: { readonly description: string; readonly values: Values },
) {
  const values = Object.fromEntries(
    Object.entries(options.values).map(([value, description]) => [value, { value, description }]),
  ) as { [Key in keyof Values & string]: { value: Key; description: string } };
  const ref = graph.builder.enumType(name, { description: options.description, values });
  graph.inputTypes.set(name, ref);
  return ref;
}
