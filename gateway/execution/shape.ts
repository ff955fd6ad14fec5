import {
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { isLeftOut, type Conditions } from './conditions.ts';
import { setField, type Data } from './data.ts';
import { leafCheck, type LeafCheck } from './leaf-values.ts';
import { namesWithin } from './possible-types.ts';

/** What clients asked for and how they may see it, worked out before the first answer. */
export interface Selections {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly conditions: Conditions;
  /** Under which name the data of a field comes. */
  readonly dataKey: (node: FieldNode) => string;
}

/** How a value of one type looks in an answer. */
export interface ValueShape {
  readonly nonNull: boolean;
  /** What errors call the value: the field, or an element of its list. */
  readonly place: string;
  /** The shape of the elements of a list. */
  readonly element: ValueShape | undefined;
  readonly object: ObjectShape | undefined;
  /** The check of a leaf; neither it nor the others for scalars that are passed on as they are. */
  readonly check: LeafCheck | undefined;
}

/** One field of an object in an answer, in the client's order. */
export interface FieldShape {
  readonly key: string;
  /** Its name in the data. */
  readonly source: string;
  /** The name of the object's type, for `__typename`; null where it is not known. */
  readonly typeName: string | null | undefined;
  /** The nodes of a question about the schema itself. */
  readonly introspection: readonly FieldNode[] | undefined;
  readonly value: ValueShape;
}

/** The fields of an object of one type. */
export interface TypeShape {
  readonly name: string;
  readonly fields: readonly FieldShape[];
  /** An object to copy and fill in, where one of the fields is called `__proto__` and cannot be added by assignment. */
  readonly blank: Data | undefined;
}

/** The fields of an object by its type. */
export interface ObjectShape {
  /** The fields where the object does not say its type, or says the one that is declared. */
  readonly declared: () => TypeShape;
  readonly declaredName: string;
  /** The fields of an object that says its type; undefined when it cannot stand there. */
  readonly ofType: (name: string) => TypeShape | undefined;
  /** Other names under which the type is asked for; undefined where the declared type says it all. */
  readonly typeKeys: (() => readonly string[]) | undefined;
}

/** Compiles the selections of an object; those of each type are compiled when it is first seen. */
export function compileObject(
  selections: Selections,
  declared: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
): ObjectShape {
  const { schema } = selections;
  const types = new Map<string, TypeShape>();
  const possible = namesWithin(schema, declared.name);
  const ofType = (name: string): TypeShape | undefined => {
    const known = types.get(name);
    if (known) return known;
    const type = possible.has(name) ? schema.getType(name) : undefined;
    if (!isCompositeType(type)) return undefined;
    const made = compileType(selections, { type, declared }, sets);
    types.set(name, made);
    return made;
  };
  let declaredShape: TypeShape | undefined;
  let keys: readonly string[] | undefined;
  return {
    declaredName: declared.name,
    declared: () => (declaredShape ??= compileType(selections, { type: declared, declared }, sets)),
    ofType,
    typeKeys: isAbstractType(declared)
      ? () => (keys ??= typeNameKeys(selections, declared, sets))
      : undefined,
  };
}

/** Under which names the plan may have asked for the type of an object. */
function typeNameKeys(
  selections: Selections,
  declared: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
): readonly string[] {
  const keys: string[] = [];
  for (const nodes of collect(selections, declared, sets).values()) {
    const [node] = nodes;
    if (node?.name.value === '__typename') keys.push(selections.dataKey(node));
  }
  return keys;
}

function compileType(
  selections: Selections,
  { type, declared }: { readonly type: GraphQLCompositeType; readonly declared: GraphQLCompositeType },
  sets: readonly SelectionSetNode[],
): TypeShape {
  const fields: FieldShape[] = [];
  for (const [key, nodes] of collect(selections, type, sets)) {
    const name = nodes[0]!.name.value;
    const source = selections.dataKey(nodes[0]!);
    if (name === '__typename') {
      fields.push({
        key,
        source,
        typeName: isObjectType(type) ? type.name : null,
        introspection: undefined,
        value: plain,
      });
    } else if (name === '__schema' || name === '__type') {
      fields.push({ key, source, typeName: undefined, introspection: nodes, value: plain });
    } else {
      const fieldType = typeOfField(type, name) ?? typeOfField(declared, name);
      if (!fieldType) continue;
      const inner = nodes.flatMap((node) => node.selectionSet ?? []);
      const place = `field ${type.name}.${key}`;
      const value = compileValue(selections, { type: fieldType, place }, inner);
      fields.push({ key, source, typeName: undefined, introspection: undefined, value });
    }
  }
  return { name: type.name, fields, blank: blankOf(fields) };
}

function blankOf(fields: readonly FieldShape[]): Data | undefined {
  if (!fields.some(({ key }) => key === '__proto__')) return undefined;
  const blank: Data = {};
  for (const { key } of fields) setField(blank, key, null);
  return blank;
}

const plain: ValueShape = {
  nonNull: false,
  place: '',
  element: undefined,
  object: undefined,
  check: undefined,
};

function typeOfField(type: GraphQLCompositeType, name: string): GraphQLOutputType | undefined {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name]?.type : undefined;
}

function compileValue(
  selections: Selections,
  { type, place }: { readonly type: GraphQLOutputType; readonly place: string },
  sets: readonly SelectionSetNode[],
): ValueShape {
  if (isNonNullType(type)) {
    return { ...compileValue(selections, { type: type.ofType, place }, sets), nonNull: true };
  }
  const element = isListType(type) ? type.ofType : undefined;
  return {
    nonNull: false,
    place,
    element: element && compileValue(selections, { type: element, place: placeOfElement(element) }, sets),
    object: isCompositeType(type) ? lazyObject(selections, type, sets) : undefined,
    check: isLeafType(type) ? leafCheck(type) : undefined,
  };
}

function placeOfElement(type: GraphQLOutputType): string {
  return `array element of type ${String(isNonNullType(type) ? type.ofType : type)}`;
}

/** Only what answers hold is compiled, so that the time is bounded by the answer and not by the text alone. */
function lazyObject(
  selections: Selections,
  type: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
): ObjectShape {
  let made: ObjectShape | undefined;
  const shape = (): ObjectShape => (made ??= compileObject(selections, type, sets));
  return {
    declaredName: type.name,
    declared: () => shape().declared(),
    ofType: (name) => shape().ofType(name),
    typeKeys: isAbstractType(type) ? () => shape().typeKeys?.() ?? [] : undefined,
  };
}

type Collected = Map<string, FieldNode[]>;

/** The fields of one type by the names the client gave them, in the order in which they first occur. */
function collect(
  selections: Selections,
  type: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
): Collected {
  const collected: Collected = new Map();
  const spread = new Set<string>();
  const gather = (set: SelectionSetNode): void => {
    for (const node of set.selections) {
      if (isLeftOut(node, selections.conditions)) continue;
      if (node.kind === Kind.FIELD) {
        const key = (node.alias ?? node.name).value;
        const known = collected.get(key);
        if (known) known.push(node);
        else collected.set(key, [node]);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        if (applies(selections.schema, type, node.typeCondition?.name.value)) gather(node.selectionSet);
      } else if (!spread.has(node.name.value)) {
        spread.add(node.name.value);
        const fragment = selections.fragments.get(node.name.value);
        if (fragment && applies(selections.schema, type, fragment.typeCondition.name.value)) {
          gather(fragment.selectionSet);
        }
      }
    }
  };
  for (const set of sets) gather(set);
  return collected;
}

function applies(schema: GraphQLSchema, type: GraphQLCompositeType, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true;
  const wider = schema.getType(condition);
  return isAbstractType(wider) && !isUnionLike(type) && schema.isSubType(wider, type);
}

function isUnionLike(
  type: GraphQLCompositeType,
): type is Exclude<GraphQLCompositeType, { getFields(): unknown }> {
  return !isObjectType(type) && !isInterfaceType(type);
}
