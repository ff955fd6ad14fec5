import {
  astFromValue,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  print,
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
} from 'graphql';

/** How much a change of the schema can hurt: it breaks operations, may surprise clients, or neither. */
export type Criticality = 'breaking' | 'dangerous' | 'safe';

/** One change between two schemas. */
export interface SchemaChange {
  readonly criticality: Criticality;
  /** The schema coordinate at which it happened. */
  readonly coordinate: string;
  readonly message: string;
  /**
   * Whom it concerns: operations that touch one of these coordinates. One that ends in `.*` stands for everything
   * below a type.
   */
  readonly concerns: readonly string[];
}

/** Every change from one schema to another, worst first; descriptions are none. */
export function schemaChanges(before: GraphQLSchema, after: GraphQLSchema): readonly SchemaChange[] {
  const found = [...changesOfTypes(before, after), ...changesOfDirectives(before, after)];
  const order: readonly Criticality[] = ['breaking', 'dangerous', 'safe'];
  return found.toSorted(
    (a, b) =>
      order.indexOf(a.criticality) - order.indexOf(b.criticality) ||
      (a.coordinate < b.coordinate ? -1 : a.coordinate > b.coordinate ? 1 : 0),
  );
}

function changesOfTypes(before: GraphQLSchema, after: GraphQLSchema): SchemaChange[] {
  const changes: SchemaChange[] = [];
  for (const type of ownTypes(before)) {
    const now = after.getType(type.name);
    const whole = [type.name, `${type.name}.*`, ...fieldsOf(before, type.name)];
    if (!now) changes.push(noted.breaking(type.name, `The type ${type.name} was removed`, whole));
    else if (kindOf(now) !== kindOf(type)) {
      const message = `${type.name} was ${kindOf(type)} and is ${kindOf(now)}`;
      changes.push(noted.breaking(type.name, message, whole));
    } else changes.push(...changesOfType(type, now, before));
  }
  for (const type of ownTypes(after)) {
    if (!before.getType(type.name)) changes.push(noted.safe(type.name, `The type ${type.name} was added`));
  }
  return changes;
}

function changesOfDirectives(before: GraphQLSchema, after: GraphQLSchema): SchemaChange[] {
  return before.getDirectives().flatMap((directive) => {
    const coordinate = `@${directive.name}`;
    const now = after.getDirective(directive.name);
    if (!now) return [noted.breaking(coordinate, `The directive ${coordinate} was removed`, [coordinate])];
    const lost = directive.locations.filter((location) => !now.locations.includes(location));
    return [
      ...lost.map((location) =>
        noted.breaking(coordinate, `${coordinate} may not stand on ${location} any more`, [coordinate]),
      ),
      ...changesOfArguments(coordinate, directive.args, now.args),
    ];
  });
}

function changesOfType(type: GraphQLNamedType, now: GraphQLNamedType, before: GraphQLSchema): SchemaChange[] {
  if (isEnumType(type) && isEnumType(now)) return changesOfEnum(type, now, before);
  if (isInputObjectType(type) && isInputObjectType(now)) return changesOfInput(type, now, before);
  if (isUnionType(type) && isUnionType(now)) {
    const names = now.getTypes().map((member) => member.name);
    return changesOfMembers(type.name, {
      was: type.getTypes().map((member) => member.name),
      is: names,
      before,
    });
  }
  const hasFields = (one: GraphQLNamedType) => (isObjectType(one) || isInterfaceType(one) ? one : undefined);
  const [was, is] = [hasFields(type), hasFields(now)];
  if (!was || !is) return [];
  const changes = changesOfFields(type.name, { was: was.getFields(), is: is.getFields() });
  const interfaces = is.getInterfaces().map((one) => one.name);
  for (const { name } of was.getInterfaces()) {
    if (interfaces.includes(name)) continue;
    const concerns = [...fieldsOf(before, name), `${type.name}.*`];
    changes.push(noted.breaking(type.name, `${type.name} is no longer a ${name}`, concerns));
  }
  const had = was.getInterfaces().map((one) => one.name);
  for (const name of interfaces) {
    if (had.includes(name)) continue;
    changes.push(noted.dangerous(type.name, `${type.name} is a ${name} now`, fieldsOf(before, name)));
  }
  return changes;
}

type Fields = ReturnType<Extract<GraphQLNamedType, { getInterfaces: unknown }>['getFields']>;

function changesOfFields(
  parent: string,
  { was, is }: { readonly was: Fields; readonly is: Fields },
): SchemaChange[] {
  const changes: SchemaChange[] = [];
  for (const field of Object.values(was)) {
    const coordinate = `${parent}.${field.name}`;
    const now = is[field.name];
    if (!now) {
      const note = field.deprecationReason ? ', which was deprecated,' : '';
      changes.push(noted.breaking(coordinate, `${coordinate}${note} was removed`, [coordinate]));
      continue;
    }
    if (String(now.type) !== String(field.type)) {
      const level = isNarrowerOutput(now.type, field.type) ? 'safe' : 'breaking';
      changes.push(
        noted[level](coordinate, `${coordinate} was ${String(field.type)} and is ${String(now.type)}`, [
          coordinate,
        ]),
      );
    }
    changes.push(
      ...changesOfArguments(coordinate, field.args, now.args),
      ...changeOfDeprecation(coordinate, field, now),
    );
  }
  for (const field of Object.values(is)) {
    const coordinate = `${parent}.${field.name}`;
    if (!was[field.name]) changes.push(noted.safe(coordinate, `${coordinate} was added`));
  }
  return changes;
}

function changesOfArguments(
  owner: string,
  was: readonly GraphQLArgument[],
  is: readonly GraphQLArgument[],
): SchemaChange[] {
  return changesOfInputs(was, is, {
    coordinate: (name) => `${owner}(${name}:)`,
    concerns: (name) => [`${owner}(${name}:)`],
    all: [owner],
  });
}

function changesOfInput(
  type: GraphQLInputObjectType,
  now: GraphQLInputObjectType,
  before: GraphQLSchema,
): SchemaChange[] {
  const all = [type.name, `${type.name}.*`, ...argumentsOf(before, type.name)];
  const changes = changesOfInputs(Object.values(type.getFields()), Object.values(now.getFields()), {
    coordinate: (name) => `${type.name}.${name}`,
    concerns: (name) => [`${type.name}.${name}`, type.name],
    all,
  });
  if (now.isOneOf && !type.isOneOf) {
    changes.push(noted.breaking(type.name, `${type.name} takes exactly one of its parts now`, all));
  }
  if (type.isOneOf && !now.isOneOf) {
    changes.push(noted.safe(type.name, `${type.name} takes any of its parts now`));
  }
  return changes;
}

interface InputPlaces {
  readonly coordinate: (name: string) => string;
  /** Whom the part concerns. */
  readonly concerns: (name: string) => readonly string[];
  /** Whom a new part that must be given concerns. */
  readonly all: readonly string[];
}

type Input = Pick<GraphQLInputField, 'name' | 'type' | 'defaultValue' | 'deprecationReason'>;

function changesOfInputs(was: readonly Input[], is: readonly Input[], places: InputPlaces): SchemaChange[] {
  const changes: SchemaChange[] = [];
  for (const input of was) {
    const coordinate = places.coordinate(input.name);
    const concerns = places.concerns(input.name);
    const now = is.find((one) => one.name === input.name);
    if (!now) {
      changes.push(noted.breaking(coordinate, `${coordinate} was removed`, concerns));
      continue;
    }
    if (String(now.type) !== String(input.type)) {
      const level = isWiderInput(now.type, input.type) ? 'safe' : 'breaking';
      // One that must be given now breaks those who left it out.
      const touched = isMandatory(now) && !isMandatory(input) ? [...concerns, ...places.all] : concerns;
      changes.push(
        noted[level](
          coordinate,
          `${coordinate} was ${String(input.type)} and is ${String(now.type)}`,
          touched,
        ),
      );
    }
    const [before, after] = [defaultOf(input), defaultOf(now)];
    if (before !== after) {
      const broken = before !== undefined && after === undefined && isNonNullType(now.type);
      const message = `The default of ${coordinate} was ${before ?? 'none'} and is ${after ?? 'none'}`;
      changes.push(noted[broken ? 'breaking' : 'dangerous'](coordinate, message, places.all));
    }
    changes.push(...changeOfDeprecation(coordinate, input, now));
  }
  for (const input of is) {
    if (was.some((one) => one.name === input.name)) continue;
    const coordinate = places.coordinate(input.name);
    const must = isMandatory(input);
    const message = must ? `${coordinate} was added and must be given` : `${coordinate} was added`;
    changes.push(noted[must ? 'breaking' : 'safe'](coordinate, message, must ? places.all : []));
  }
  return changes;
}

function changesOfEnum(type: GraphQLEnumType, now: GraphQLEnumType, before: GraphQLSchema): SchemaChange[] {
  const changes: SchemaChange[] = [];
  for (const value of type.getValues()) {
    const coordinate = `${type.name}.${value.name}`;
    const still = now.getValue(value.name);
    // Whoever gives a value may give this one when it comes in a variable; whoever reads values misses nothing.
    if (!still)
      changes.push(noted.breaking(coordinate, `${coordinate} was removed`, [coordinate, type.name]));
    else changes.push(...changeOfDeprecation(coordinate, value, still));
  }
  for (const { name } of now.getValues()) {
    const coordinate = `${type.name}.${name}`;
    if (type.getValue(name)) continue;
    const readers = fieldsOf(before, type.name);
    const level = readers.length > 0 ? 'dangerous' : 'safe';
    changes.push(noted[level](coordinate, `${coordinate} was added`, readers));
  }
  return changes;
}

function changesOfMembers(
  union: string,
  {
    was,
    is,
    before,
  }: { readonly was: readonly string[]; readonly is: readonly string[]; readonly before: GraphQLSchema },
): SchemaChange[] {
  const readers = fieldsOf(before, union);
  return [
    ...was
      .filter((name) => !is.includes(name))
      .map((name) => noted.breaking(union, `${name} is no longer a ${union}`, readers)),
    ...is
      .filter((name) => !was.includes(name))
      .map((name) => noted.dangerous(union, `${name} is a ${union} now`, readers)),
  ];
}

interface Deprecated {
  readonly deprecationReason?: string | null | undefined;
}

function changeOfDeprecation(coordinate: string, was: Deprecated, is: Deprecated): SchemaChange[] {
  if (!was.deprecationReason && is.deprecationReason) {
    return [noted.safe(coordinate, `${coordinate} was deprecated: ${is.deprecationReason}`)];
  }
  if (was.deprecationReason && !is.deprecationReason) {
    return [noted.safe(coordinate, `${coordinate} is no longer deprecated`)];
  }
  return [];
}

type Note = (coordinate: string, message: string, concerns?: readonly string[]) => SchemaChange;

const noting =
  (criticality: Criticality): Note =>
  (coordinate, message, concerns = []) => ({ criticality, coordinate, message, concerns });

const noted: Readonly<Record<Criticality, Note>> = {
  breaking: noting('breaking'),
  dangerous: noting('dangerous'),
  safe: noting('safe'),
};

function ownTypes(schema: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
}

function kindOf(type: GraphQLNamedType): string {
  if (isObjectType(type)) return 'an object';
  if (isInterfaceType(type)) return 'an interface';
  if (isUnionType(type)) return 'a union';
  if (isEnumType(type)) return 'an enumeration';
  return isInputObjectType(type) ? 'an input' : 'a scalar';
}

/** The fields that answer a type, or an abstract type that may be it. */
function fieldsOf(schema: GraphQLSchema, name: string): string[] {
  const type = schema.getType(name);
  const abstract = isObjectType(type)
    ? ownTypes(schema).filter((one) => isAbstractType(one) && schema.isSubType(one, type))
    : [];
  const names = new Set([name, ...abstract.map((one) => one.name)]);
  return placesOf(schema, (field) => names.has(getNamedType(field.type).name));
}

function placesOf(schema: GraphQLSchema, fits: (field: Fields[string]) => boolean): string[] {
  return ownTypes(schema).flatMap((type) =>
    isCompositeType(type) && !isUnionType(type)
      ? Object.values(type.getFields()).flatMap((field) =>
          fits(field) ? [`${type.name}.${field.name}`] : [],
        )
      : [],
  );
}

/** The arguments that take an input. */
function argumentsOf(schema: GraphQLSchema, input: string): string[] {
  return ownTypes(schema).flatMap((type) =>
    isCompositeType(type) && !isUnionType(type)
      ? Object.values(type.getFields()).flatMap((field) =>
          field.args
            .filter((arg) => getNamedType(arg.type).name === input)
            .map((arg) => `${type.name}.${field.name}(${arg.name}:)`),
        )
      : [],
  );
}

function isMandatory(input: Input): boolean {
  return isNonNullType(input.type) && input.defaultValue === undefined;
}

function defaultOf(input: Input): string | undefined {
  if (input.defaultValue === undefined) return undefined;
  const value = astFromValue(input.defaultValue, input.type);
  return value ? print(value) : JSON.stringify(input.defaultValue);
}

/** Whether every value of the new type is one of the old type. */
function isNarrowerOutput(now: GraphQLType, was: GraphQLType): boolean {
  if (isNonNullType(was)) return isNonNullType(now) && isNarrowerOutput(now.ofType, was.ofType);
  if (isNonNullType(now)) return isNarrowerOutput(now.ofType, was);
  if (isListType(was) || isListType(now)) {
    return isListType(was) && isListType(now) && isNarrowerOutput(now.ofType, was.ofType);
  }
  return String(now) === String(was);
}

/** Whether the new type takes every value that the old one took. */
function isWiderInput(now: GraphQLType, was: GraphQLType): boolean {
  if (isNonNullType(now)) return isNonNullType(was) && isWiderInput(now.ofType, was.ofType);
  if (isNonNullType(was)) return isWiderInput(now, was.ofType);
  if (isListType(was) || isListType(now)) {
    return isListType(was) && isListType(now) && isWiderInput(now.ofType, was.ofType);
  }
  return String(now) === String(was);
}
