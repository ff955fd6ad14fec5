import { createHash } from 'node:crypto';
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  Kind,
  print,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

/** What an operation touches of a schema. */
export interface OperationProfile {
  /** SHA-256 of the operation without the values that stand in it; alike for all that differ in values only. */
  readonly hash: string;
  /** Its name, or the empty text. */
  readonly name: string;
  readonly type: OperationDefinitionNode['operation'];
  /**
   * Fields, arguments, parts of inputs and values of enumerations, by schema coordinate. An input that comes as a
   * variable is named as a whole, because any of its parts may be in it.
   */
  readonly coordinates: readonly string[];
  /** Those of them that are deprecated. */
  readonly deprecated: readonly string[];
}

/** Looks an operation up in the schema; what the schema does not have is left out. */
export function profileOf(
  schema: GraphQLSchema,
  { document, operation }: { readonly document: DocumentNode; readonly operation: OperationDefinitionNode },
): OperationProfile {
  const name = operation.name?.value ?? '';
  const own = separateOperations(document)[name] ?? document;
  const used = new Set<string>();
  const deprecated = new Set<string>();
  const note = (coordinate: string, definition: { deprecationReason?: string | null | undefined }): void => {
    used.add(coordinate);
    if (definition.deprecationReason) deprecated.add(coordinate);
  };
  const info = new TypeInfo(schema);
  visit(
    own,
    visitWithTypeInfo(info, {
      Field() {
        const [parent, field] = [info.getParentType(), info.getFieldDef()];
        if (parent && field && !field.name.startsWith('__')) note(`${parent.name}.${field.name}`, field);
      },
      Argument() {
        const [parent, field, argument] = [info.getParentType(), info.getFieldDef(), info.getArgument()];
        if (parent && field && argument) note(`${parent.name}.${field.name}(${argument.name}:)`, argument);
      },
      ObjectField(node) {
        const parent = getNamedType(info.getParentInputType());
        const field = isInputObjectType(parent) ? parent.getFields()[node.name.value] : undefined;
        if (parent && field) note(`${parent.name}.${field.name}`, field);
      },
      EnumValue(node) {
        const type = getNamedType(info.getInputType());
        const value = isEnumType(type) ? type.getValue(node.value) : undefined;
        if (type && value) note(`${type.name}.${value.name}`, value);
      },
      VariableDefinition() {
        const type = getNamedType(info.getInputType());
        if (isInputObjectType(type) || isEnumType(type)) noteWhole(type.name, { schema, used });
      },
    }),
  );
  return {
    hash: createHash('sha256')
      .update(print(withoutValues(own)))
      .digest('hex'),
    name,
    type: operation.operation,
    coordinates: [...used].toSorted(),
    deprecated: [...deprecated].toSorted(),
  };
}

/** Notes an input or enumeration as a whole, and every input and enumeration inside it. */
function noteWhole(
  name: string,
  { schema, used }: { readonly schema: GraphQLSchema; readonly used: Set<string> },
): void {
  if (used.has(name)) return;
  used.add(name);
  const type = schema.getType(name);
  if (!isInputObjectType(type)) return;
  for (const field of Object.values(type.getFields())) {
    const inner = getNamedType(field.type);
    if (isInputObjectType(inner) || isEnumType(inner)) noteWhole(inner.name, { schema, used });
  }
}

/** Values are what users typed; they make no other operation and are nobody's business here. */
function withoutValues(document: DocumentNode): DocumentNode {
  return visit(document, {
    IntValue: (node) => ({ ...node, value: '0' }),
    FloatValue: (node) => ({ ...node, value: '0' }),
    StringValue: (node) => ({ ...node, value: '', block: false }),
    ListValue: () => ({ kind: Kind.LIST, values: [] }),
    ObjectValue: () => ({ kind: Kind.OBJECT, fields: [] }),
  });
}
