import { isAbstractType, isInterfaceType, type GraphQLSchema } from 'graphql';

/** The names of all types of which a value is also of the named type: itself and those that implement it or are in it. */
export function namesWithin(schema: GraphQLSchema, name: string): ReadonlySet<string> {
  const names = new Set([name]);
  const type = schema.getType(name);
  if (!isAbstractType(type)) return names;
  for (const one of schema.getPossibleTypes(type)) names.add(one.name);
  if (isInterfaceType(type))
    for (const one of schema.getImplementations(type).interfaces) names.add(one.name);
  return names;
}
