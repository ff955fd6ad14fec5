import {
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

/** The TypeScript type of what an operation answers, from the schema alone; the operations use no fragments. */
export function resultType(schema: GraphQLSchema, operation: string): string {
  const [definition] = parse(operation).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`No operation: ${operation}`);
  const root = schema.getRootType(definition.operation);
  if (!root) throw new Error(`The schema has no ${definition.operation}`);
  return objectType(root, definition.selectionSet);
}

function objectType(type: GraphQLObjectType, { selections }: SelectionSetNode): string {
  const members = selections.map((selection) => {
    if (selection.kind !== Kind.FIELD) throw new Error(`${type.name}: fragments are not read here`);
    const name = selection.name.value;
    const field = type.getFields()[name];
    if (!field) throw new Error(`${type.name} has no field ${name}`);
    return `readonly ${(selection.alias ?? selection.name).value}: ${valueType(field.type, selection.selectionSet)};`;
  });
  return `{ ${members.join(' ')} }`;
}

function valueType(type: GraphQLOutputType, selections: SelectionSetNode | undefined): string {
  if (!isNonNullType(type)) return `${presentType(type, selections)} | null`;
  return presentType(type.ofType as GraphQLOutputType, selections);
}

function presentType(type: GraphQLOutputType, selections: SelectionSetNode | undefined): string {
  if (isListType(type)) return `readonly (${valueType(type.ofType as GraphQLOutputType, selections)})[]`;
  if (isObjectType(type) && selections) return objectType(type, selections);
  if (isEnumType(type)) {
    const values = type.getValues().map(({ name }) => `'${name}'`);
    return `(${values.join(' | ')})`;
  }
  const scalars: Readonly<Record<string, string>> = { Int: 'number', Boolean: 'boolean' };
  // Amounts, days and instants travel as text.
  return scalars[getNamedType(type).name] ?? 'string';
}
