import {
  buildASTSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isTypeDefinitionNode,
  isInterfaceType,
  isUnionType,
  Kind,
  parse,
  printSchema,
  specifiedScalarTypes,
  type DefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import { partialViews, viewTagsOf, type PartialView, type ViewTags } from './view-tags.ts';

/** One view of a graph. */
export interface GraphView {
  readonly name: PartialView;
  /** What exists for those who ask in this view; its Query has no field where nothing is tagged for the view. */
  readonly schema: GraphQLSchema;
  /** Inputs and enumerations that take less in the view than in the whole graph, or lead to such. */
  readonly narrowed: ReadonlySet<string>;
  /** Why the view does not hold together, each as one line; what is at fault is left out of the schema. */
  readonly faults: readonly string[];
}

/** The interface whose values the gateway itself chooses, and only from the view of whoever asks. */
const chosenByGateway = 'Node';

type Definitions = Map<string, TypeDefinitionNode>;

/** The parts of a graph that exist for those who do not see all of it. */
export type GraphViews = Readonly<Record<PartialView, GraphView>>;

/** Cuts every view out of the API of a supergraph. */
export function cutViews(api: GraphQLSchema, supergraphSdl: string): GraphViews {
  const tags = viewTagsOf(supergraphSdl);
  const cut = partialViews.map((name) => [name, cutView(name, { api, tags })] as const);
  return Object.fromEntries(cut) as GraphViews;
}

/**
 * Cuts a view out of the API by the tags of the supergraph. A field of an object or interface is in a view when it, or
 * its type, is tagged with the view's name. What shapes such a field follows it: arguments, inputs, enumerations,
 * scalars; those that have tags of views are in these views only. What nothing leads to is left out.
 */
function cutView(
  name: PartialView,
  { api, tags }: { readonly api: GraphQLSchema; readonly tags: ViewTags },
): GraphView {
  const whole = parse(printSchema(api), { noLocation: true }).definitions;
  const definitions: Definitions = new Map();
  for (const one of whole) {
    if (isTypeDefinitionNode(one)) definitions.set(one.name.value, tagged(one, { view: name, tags }));
  }
  const roots = [api.getQueryType(), api.getMutationType(), api.getSubscriptionType()].flatMap((root) =>
    root ? [root.name] : [],
  );
  const spoken = reachedFrom(roots, definitions);
  const faults = new Map<string, string>();
  while (settle(definitions, { api, name, faults }));
  const reached = reachedFrom(roots, definitions);
  for (const [coordinate, fault] of ambiguities(api, { definitions, reached, name }))
    faults.set(coordinate, fault);
  const query = api.getQueryType()?.name ?? 'Query';
  // A schema needs a Query; where nothing is tagged it is one without fields.
  if (!reached.has(query)) definitions.set(query, emptyQuery(query));
  const schema = buildASTSchema(
    {
      kind: Kind.DOCUMENT,
      definitions: whole.flatMap((one): DefinitionNode[] => {
        if (!isTypeDefinitionNode(one)) return one.kind === Kind.SCHEMA_DEFINITION ? [] : [one];
        const kept = definitions.get(one.name.value);
        return kept && (one.name.value === query || reached.has(one.name.value)) ? [kept] : [];
      }),
    },
    { assumeValid: true },
  );
  const told = [...faults].filter(([coordinate]) => spoken.has(coordinate.split('.')[0] ?? ''));
  return {
    name,
    schema,
    narrowed: narrowedTypes(api, schema),
    faults: told.map(([, fault]) => fault).toSorted(),
  };
}

function emptyQuery(name: string): ObjectTypeDefinitionNode {
  return { kind: Kind.OBJECT_TYPE_DEFINITION, name: { kind: Kind.NAME, value: name }, fields: [] };
}

interface Tagging {
  readonly view: PartialView;
  readonly tags: ViewTags;
}

/** A definition with what its own tags leave of it. */
function tagged(definition: TypeDefinitionNode, { view, tags }: Tagging): TypeDefinitionNode {
  const type = definition.name.value;
  const shapes = (coordinate: string): boolean => tags.get(coordinate)?.has(view) ?? true;
  switch (definition.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const all = tags.get(type)?.has(view) ?? false;
      const fields = (definition.fields ?? [])
        .filter((field) => all || tags.get(`${type}.${field.name.value}`)?.has(view))
        .map((field) => ({
          ...field,
          arguments: field.arguments?.map((argument) =>
            shapes(`${type}.${field.name.value}(${argument.name.value}:)`) ? argument : gone(argument),
          ),
        }));
      return { ...definition, fields };
    }
    case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
      const fields = shapes(type) ? (definition.fields ?? []) : [];
      const kept = fields.map((field) => (shapes(`${type}.${field.name.value}`) ? field : gone(field)));
      return { ...definition, fields: kept };
    }
    case Kind.ENUM_TYPE_DEFINITION: {
      const values = shapes(type) ? (definition.values ?? []) : [];
      return { ...definition, values: values.filter((value) => shapes(`${type}.${value.name.value}`)) };
    }
    case Kind.UNION_TYPE_DEFINITION:
      return shapes(type) ? definition : { ...definition, types: [] };
    case Kind.SCALAR_TYPE_DEFINITION:
      return definition;
  }
}

/** The name of no type: what has it is not in the view. */
const nowhere = ' ';

function gone(value: InputValueDefinitionNode): InputValueDefinitionNode {
  const type: TypeNode = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: nowhere } };
  const required = value.type.kind === Kind.NON_NULL_TYPE && value.defaultValue === undefined;
  return { ...value, type: required ? { kind: Kind.NON_NULL_TYPE, type } : type };
}

interface Settling {
  readonly api: GraphQLSchema;
  readonly name: PartialView;
  readonly faults: Map<string, string>;
}

/** Takes away what refers to nothing; true when that may have left more that does. */
function settle(definitions: Definitions, settling: Settling): boolean {
  let changed = false;
  for (const [type, definition] of definitions) {
    const settled = settledDefinition(definition, definitions, settling);
    if (settled === definition) continue;
    changed = true;
    if (settled) definitions.set(type, settled);
    else definitions.delete(type);
  }
  return changed;
}

/** The definition without what refers to nothing; itself when all is there, undefined when nothing is left. */
function settledDefinition(
  definition: TypeDefinitionNode,
  definitions: Definitions,
  settling: Settling,
): TypeDefinitionNode | undefined {
  const type = definition.name.value;
  const exists = (node: TypeNode): boolean => isBuiltIn(nameOf(node)) || definitions.has(nameOf(node));
  switch (definition.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const before = definition.fields ?? [];
      const fields = before.flatMap((field) => settledField(type, field, { ...settling, exists }));
      if (fields.length === 0) return undefined;
      const interfaces = definition.interfaces?.filter((one) =>
        implemented(definitions.get(one.name.value), fields),
      );
      const same = fields.every((field, index) => field === before[index]) && fields.length === before.length;
      return same && interfaces?.length === definition.interfaces?.length
        ? definition
        : { ...definition, fields, interfaces };
    }
    case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
      const before = definition.fields ?? [];
      const fields = before.filter((field) => exists(field.type));
      const lost = before.find((field) => !exists(field.type) && isRequired(field));
      if (lost) {
        const field = lost.name.value;
        settling.faults.set(
          `${type}.${field}`,
          `${type}.${field} is required, but not in the view ${settling.name}`,
        );
        return undefined;
      }
      if (fields.length === 0) return undefined;
      return fields.length === before.length ? definition : { ...definition, fields };
    }
    case Kind.UNION_TYPE_DEFINITION: {
      const types = definition.types?.filter(exists) ?? [];
      if (types.length === 0) return undefined;
      return types.length === definition.types?.length ? definition : { ...definition, types };
    }
    case Kind.ENUM_TYPE_DEFINITION:
      return definition.values?.length ? definition : undefined;
    case Kind.SCALAR_TYPE_DEFINITION:
      return definition;
  }
}

function settledField(
  type: string,
  field: FieldDefinitionNode,
  { name, faults, exists }: Settling & { readonly exists: (node: TypeNode) => boolean },
): FieldDefinitionNode[] {
  const coordinate = `${type}.${field.name.value}`;
  if (!exists(field.type)) {
    faults.set(coordinate, `${coordinate} is in the view ${name}, but its type ${nameOf(field.type)} is not`);
    return [];
  }
  const before = field.arguments ?? [];
  const lost = before.find((argument) => !exists(argument.type) && isRequired(argument));
  if (lost) {
    const argument = `${coordinate}(${lost.name.value}:)`;
    faults.set(coordinate, `${argument} is required, but not in the view ${name}`);
    return [];
  }
  const kept = before.filter((argument) => exists(argument.type));
  return [kept.length === before.length ? field : { ...field, arguments: kept }];
}

/** Whether an object of the view has every field that the interface has in the view. */
function implemented(
  definition: TypeDefinitionNode | undefined,
  fields: readonly FieldDefinitionNode[],
): boolean {
  if (definition?.kind !== Kind.INTERFACE_TYPE_DEFINITION) return false;
  return (definition.fields ?? []).every((one) =>
    fields.some((field) => field.name.value === one.name.value),
  );
}

function isRequired(value: InputValueDefinitionNode): boolean {
  return value.type.kind === Kind.NON_NULL_TYPE && value.defaultValue === undefined;
}

/** What could be answered in a view although it is not in it: other types of an interface, other values. */
function ambiguities(
  api: GraphQLSchema,
  view: { definitions: Definitions; reached: ReadonlySet<string>; name: PartialView },
): Map<string, string> {
  const faults = new Map<string, string>();
  for (const [name, definition] of view.definitions) {
    if (!view.reached.has(name) || name === chosenByGateway) continue;
    const type = api.getType(name);
    if (isInterfaceType(type) || isUnionType(type)) {
      for (const possible of api.getPossibleTypes(type)) {
        const cut = view.definitions.get(possible.name);
        const still = isUnionType(type) || (cut && interfacesOf(cut).includes(name));
        if (!view.reached.has(possible.name) || !still) {
          faults.set(
            name,
            `${name} may be answered as ${possible.name}, which is not in the view ${view.name}`,
          );
        }
      }
    }
    if (isEnumType(type) && definition.kind === Kind.ENUM_TYPE_DEFINITION && isAnswered(name, view)) {
      const missing = type
        .getValues()
        .find((one) => !definition.values?.some((kept) => kept.name.value === one.name));
      if (missing)
        faults.set(name, `${name} may be answered as ${missing.name}, which is not in the view ${view.name}`);
    }
  }
  return faults;
}

function isAnswered(
  name: string,
  { definitions, reached }: { definitions: Definitions; reached: ReadonlySet<string> },
): boolean {
  return [...definitions.values()].some(
    (one) =>
      reached.has(one.name.value) &&
      one.kind === Kind.OBJECT_TYPE_DEFINITION &&
      one.fields?.some((field) => nameOf(field.type) === name),
  );
}

/** The types to which operations can lead, scalars of GraphQL itself left out. */
function reachedFrom(roots: readonly string[], definitions: Definitions): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...roots];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const definition = definitions.get(name);
    if (!definition || reached.has(name)) continue;
    reached.add(name);
    open.push(...referredBy(definition));
    if (definition.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      for (const [other, one] of definitions) if (interfacesOf(one).includes(name)) open.push(other);
    }
  }
  return reached;
}

function referredBy(definition: TypeDefinitionNode): string[] {
  if (definition.kind === Kind.UNION_TYPE_DEFINITION) return definition.types?.map(nameOf) ?? [];
  const fields = 'fields' in definition ? (definition.fields ?? []) : [];
  return [
    ...interfacesOf(definition),
    ...fields.flatMap((field) => [
      nameOf(field.type),
      ...('arguments' in field ? (field.arguments ?? []).map((argument) => nameOf(argument.type)) : []),
    ]),
  ];
}

function interfacesOf(definition: TypeDefinitionNode): string[] {
  return 'interfaces' in definition ? (definition.interfaces ?? []).map(nameOf) : [];
}

function nameOf(node: TypeNode): string {
  return node.kind === Kind.NAMED_TYPE ? node.name.value : nameOf(node.type);
}

function isBuiltIn(name: string): boolean {
  return specifiedScalarTypes.some((scalar) => scalar.name === name);
}

function narrowedTypes(api: GraphQLSchema, view: GraphQLSchema): ReadonlySet<string> {
  const narrowed = new Set<string>();
  const inputs = Object.values(view.getTypeMap()).flatMap((type) => {
    const whole = api.getType(type.name);
    if (isEnumType(type) && isEnumType(whole) && type.getValues().length < whole.getValues().length) {
      narrowed.add(type.name);
    }
    return isInputObjectType(type) && isInputObjectType(whole) ? [{ type, whole }] : [];
  });
  for (let before = -1; before !== narrowed.size;) {
    before = narrowed.size;
    for (const { type, whole } of inputs) {
      const fields = Object.values(type.getFields());
      const leads = fields.some((field) => narrowed.has(getNamedType(field.type).name));
      if (leads || fields.length < Object.keys(whole.getFields()).length) narrowed.add(type.name);
    }
  }
  return narrowed;
}
