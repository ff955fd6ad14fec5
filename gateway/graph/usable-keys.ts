import { Kind, parse, print, visit, type ConstDirectiveNode, type TypeDefinitionNode } from 'graphql';

/**
 * The supergraph without keys that lead nowhere: where a subgraph can resolve a type by one key, its keys of the same
 * type that it cannot resolve are left out. The planner otherwise takes them for a way into that subgraph.
 */
export function withUsableKeys(supergraphSdl: string): string {
  if (!/resolvable:\s*false/.test(supergraphSdl)) return supergraphSdl;
  const cleaned = <Node extends TypeDefinitionNode>(node: Node): Node | undefined => {
    const keys = (node.directives ?? []).filter((one) => one.name.value === 'join__type');
    const resolving = new Set(keys.filter((one) => isResolvable(one)).map(graphOf));
    const useless = keys.filter((one) => !isResolvable(one) && resolving.has(graphOf(one)));
    if (useless.length === 0) return undefined;
    return { ...node, directives: (node.directives ?? []).filter((one) => !useless.includes(one)) };
  };
  const document = parse(supergraphSdl, { noLocation: true });
  return print(
    visit(document, {
      ObjectTypeDefinition: { enter: (node) => cleaned(node) },
      InterfaceTypeDefinition: { enter: (node) => cleaned(node) },
    }),
  );
}

function isResolvable(directive: ConstDirectiveNode): boolean {
  const value = argumentOf(directive, 'resolvable');
  return argumentOf(directive, 'key') !== undefined && !(value?.kind === Kind.BOOLEAN && !value.value);
}

function graphOf(directive: ConstDirectiveNode): string {
  const value = argumentOf(directive, 'graph');
  return value?.kind === Kind.ENUM ? value.value : '';
}

function argumentOf(directive: ConstDirectiveNode, name: string) {
  return directive.arguments?.find((one) => one.name.value === name)?.value;
}
