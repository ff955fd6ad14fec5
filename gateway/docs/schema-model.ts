import {
  astFromValue,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  print,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

/** What the page shows of a schema; small enough to be sent whole. */
export interface SchemaModel {
  /** The view it is, or the name of the file it was made for. */
  readonly view: string;
  /** Root operations first, then by name. */
  readonly types: readonly ModelType[];
}

/** How a type is filed. */
export type ModelKind =
  | 'query'
  | 'mutation'
  | 'subscription'
  | 'object'
  | 'interface'
  | 'union'
  | 'enum'
  | 'input'
  | 'scalar';

/** One type of the page. */
export interface ModelType {
  readonly name: string;
  readonly kind: ModelKind;
  readonly text?: string | undefined;
  readonly interfaces?: readonly string[];
  /** Members of a union, or the types that implement an interface. */
  readonly members?: readonly string[];
  readonly oneOf?: boolean;
  readonly parts: readonly ModelPart[];
}

/** A field, a part of an input, or a value of an enumeration. */
export interface ModelPart {
  readonly name: string;
  /** As GraphQL writes it, such as `[Vendor!]!`; missing for values. */
  readonly type?: string;
  readonly text?: string | undefined;
  readonly deprecated?: string | undefined;
  readonly fallback?: string | undefined;
  readonly args?: readonly ModelPart[];
}

const order: readonly ModelKind[] = [
  'query',
  'mutation',
  'subscription',
  'object',
  'interface',
  'union',
  'input',
  'enum',
  'scalar',
];

/** Everything of a schema that a reader wants to see. */
export function schemaModel(schema: GraphQLSchema, view: string): SchemaModel {
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .map((type) => modelType(schema, type))
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.name < b.name ? -1 : 1));
  return { view, types };
}

function modelType(schema: GraphQLSchema, type: GraphQLNamedType): ModelType {
  return {
    name: type.name,
    kind: kindOf(schema, type),
    text: type.description ?? undefined,
    ...(isObjectType(type) || isInterfaceType(type)
      ? { interfaces: type.getInterfaces().map((one) => one.name) }
      : {}),
    ...(isUnionType(type) || isInterfaceType(type)
      ? {
          members: schema
            .getPossibleTypes(type)
            .map((one) => one.name)
            .toSorted(),
        }
      : {}),
    ...(isInputObjectType(type) && type.isOneOf ? { oneOf: true } : {}),
    parts: partsOf(type),
  };
}

function kindOf(schema: GraphQLSchema, type: GraphQLNamedType): ModelKind {
  if (type === schema.getQueryType()) return 'query';
  if (type === schema.getMutationType()) return 'mutation';
  if (type === schema.getSubscriptionType()) return 'subscription';
  if (isObjectType(type)) return 'object';
  if (isInterfaceType(type)) return 'interface';
  if (isUnionType(type)) return 'union';
  if (isInputObjectType(type)) return 'input';
  return isEnumType(type) ? 'enum' : 'scalar';
}

function partsOf(type: GraphQLNamedType): ModelPart[] {
  if (isEnumType(type)) {
    return type.getValues().map(({ name, description, deprecationReason }) => ({
      name,
      text: description ?? undefined,
      deprecated: deprecationReason ?? undefined,
    }));
  }
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(inputPart);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).map((field) => ({
    name: field.name,
    type: String(field.type),
    text: field.description ?? undefined,
    deprecated: field.deprecationReason ?? undefined,
    args: field.args.map(inputPart),
  }));
}

function inputPart(input: GraphQLArgument | GraphQLInputField): ModelPart {
  const value = input.defaultValue === undefined ? undefined : astFromValue(input.defaultValue, input.type);
  return {
    name: input.name,
    type: String(input.type),
    text: input.description ?? undefined,
    deprecated: input.deprecationReason ?? undefined,
    fallback: value ? print(value) : undefined,
  };
}
