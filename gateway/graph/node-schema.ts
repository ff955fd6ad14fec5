import { buildSubgraphSchema } from '@apollo/subgraph';
import { isInterfaceType, Kind, parse, type ConstDirectiveNode, type GraphQLSchema } from 'graphql';
import { partialViews } from './view-tags.ts';

/** The gateway's own part of the graph, in which any entity is found by its id alone. */
export const nodePart = 'node';

/** How many entities one field may ask for by their ids. */
export const nodesAtMost = 100;

/** Whoever asks may ask for ids; what is answered keeps to their view. */
const everyView = partialViews.map((view) => `@tag(name: "${view}")`).join(' ');

/**
 * The schema of `node` and `nodes`, with every entity there is as a reference to its owner. Each subgraph knows its
 * own entities only, so this one is the gateway's.
 */
export function nodeSchema(entities: readonly string[]): GraphQLSchema {
  const references = entities
    .toSorted()
    .map((name) => `type ${name} implements Node @key(fields: "id", resolvable: false) { id: ID! }`);
  const typeDefs = parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key", "@tag"])
    "Whatever has an id of its own."
    interface Node {
      "Opaque, globally unique."
      id: ID!
    }
    "What can be read."
    type Query {
      "Anything by its id; null where there is nothing of yours behind it."
      node("Its id." id: ID!): Node ${everyView}
      "Many things by their ids, ${nodesAtMost} at most, in their order; null where there is nothing of yours behind one."
      nodes("Their ids." ids: [ID!]!): [Node]! ${everyView}
    }
    ${references.join('\n')}
  `);
  return buildSubgraphSchema({ typeDefs });
}

/** The entities that a subgraph owns. */
export function ownedEntities(schema: GraphQLSchema): readonly string[] {
  const node = schema.getType('Node');
  return isInterfaceType(node) ? schema.getPossibleTypes(node).map((type) => type.name) : [];
}

/** The subgraph that owns each entity, as the supergraph has it; nothing when there is no `node` in it. */
export function ownersOf(supergraphSdl: string): ReadonlyMap<string, string> {
  const { definitions } = parse(supergraphSdl, { noLocation: true });
  const graphs = new Map<string, string>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const value of definition.values ?? []) {
      for (const name of argumentsOf(value, 'join__graph', 'name')) graphs.set(value.name.value, name);
    }
  }
  const owners = new Map<string, string>();
  if (![...graphs.values()].includes(nodePart)) return owners;
  for (const definition of definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const interfaces = argumentsOf(definition, 'join__implements', 'interface');
    const implementing = argumentsOf(definition, 'join__implements', 'graph');
    for (const [index, graph] of implementing.entries()) {
      const owner = graphs.get(graph);
      if (interfaces[index] === 'Node' && owner && owner !== nodePart)
        owners.set(definition.name.value, owner);
    }
  }
  return owners;
}

/** The values of an argument of a directive, once for each time the directive stands there. */
function argumentsOf(
  node: { readonly directives?: readonly ConstDirectiveNode[] },
  directive: string,
  name: string,
): string[] {
  return (node.directives ?? [])
    .filter((one) => one.name.value === directive)
    .map((one) => one.arguments?.find((argument) => argument.name.value === name)?.value)
    .map((value) => (value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : ''));
}
