import { isEnumType, isInputObjectType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

/** Whether a schema has what stands at a coordinate: `Type`, `Type.part` or `Type.field(argument:)`. */
export function hasCoordinate(schema: GraphQLSchema, coordinate: string): boolean {
  const [, name = '', part, argument] = /^(\w+)(?:\.(\w+)(?:\((\w+):\))?)?$/.exec(coordinate) ?? [];
  const type = schema.getType(name);
  if (!type || part === undefined) return type !== undefined;
  if (isEnumType(type)) return type.getValue(part) !== undefined;
  if (isInputObjectType(type)) return part in type.getFields();
  if (!isObjectType(type) && !isInterfaceType(type)) return false;
  const field = type.getFields()[part];
  return field !== undefined && (argument === undefined || field.args.some((one) => one.name === argument));
}

/** The coordinates of everything that is deprecated. */
export function deprecatedCoordinates(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__')) return [];
    if (isEnumType(type)) return deprecatedOf(type.getValues()).map((name) => `${type.name}.${name}`);
    if (isInputObjectType(type)) {
      return deprecatedOf(Object.values(type.getFields())).map((name) => `${type.name}.${name}`);
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    const fields = Object.values(type.getFields());
    return [
      ...deprecatedOf(fields).map((name) => `${type.name}.${name}`),
      ...fields.flatMap((field) =>
        deprecatedOf(field.args).map((name) => `${type.name}.${field.name}(${name}:)`),
      ),
    ];
  });
}

interface Part {
  readonly name: string;
  readonly deprecationReason?: string | null | undefined;
}

function deprecatedOf(parts: readonly Part[]): string[] {
  return parts.filter((part) => part.deprecationReason).map((part) => part.name);
}
