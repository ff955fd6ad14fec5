import { Kind, parse, valueFromASTUntyped } from 'graphql';

/** Where each subgraph of a supergraph answers, as the supergraph says; throws an Error that names those without a URL. */
export function subgraphUrls(supergraphSdl: string): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  const without: string[] = [];
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const value of definition.values ?? []) {
      const directive = value.directives?.find((one) => one.name.value === 'join__graph');
      const named = (name: string): unknown => {
        const argument = directive?.arguments?.find((one) => one.name.value === name);
        return argument && valueFromASTUntyped(argument.value);
      };
      const given = named('name');
      const name = typeof given === 'string' ? given : value.name.value;
      const url = named('url');
      if (typeof url === 'string' && URL.canParse(url)) urls.set(name, url);
      else without.push(name);
    }
  }
  if (without.length > 0) {
    throw new Error(`The supergraph names no URL (@join__graph(url:)) for ${without.join(', ')}`);
  }
  return urls;
}
