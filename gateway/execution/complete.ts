import { GraphQLError, type FieldNode } from 'graphql';
import { fieldOf, isData, type Data } from './data.ts';
import type { ObjectShape, TypeShape, ValueShape } from './shape.ts';

/** What is wrong with the shape of an answer, collected while it is completed. */
export interface Completion {
  /** One error for each value that is missing or wrong. */
  readonly holes: GraphQLError[];
  readonly path: (string | number)[];
  readonly introspect: (nodes: readonly FieldNode[]) => unknown;
}

/** Stands for a null where none may be, which the next outer value has to bear. */
const broken = Symbol('broken');

/** What clients get of the data of an operation: what they asked for, in their order; null when nothing can be shown. */
export function completeRoot(data: Data, type: TypeShape, completion: Completion): Data | null {
  const completed = completeFields(data, type, completion);
  return completed === broken ? null : completed;
}

function completeFields(data: Data, type: TypeShape, completion: Completion): Data | typeof broken {
  const completed: Data = type.blank ? { ...type.blank } : {};
  const { fields } = type;
  const { path } = completion;
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index]!;
    const { key, value } = field;
    if (field.typeName !== undefined) {
      if (field.typeName === null) {
        hole(completion, key, `Cannot tell the type of an object of type ${type.name}.`);
        return broken;
      }
      completed[key] = field.typeName;
      continue;
    }
    if (field.introspection) {
      completed[key] = completion.introspect(field.introspection);
      continue;
    }
    const given = fieldOf(data, field.source);
    if (value.object === undefined && value.element === undefined) {
      if (given !== null && given !== undefined && (value.check === undefined || value.check(given))) {
        completed[key] = given;
        continue;
      }
    }
    path.push(key);
    const made = completeValue(given, value, completion);
    path.pop();
    if (made === broken) return broken;
    completed[key] = made;
  }
  return completed;
}

function completeValue(given: unknown, shape: ValueShape, completion: Completion): unknown {
  const before = completion.holes.length;
  const made = given === null || given === undefined ? null : completePresent(given, shape, completion);
  if (made !== null || !shape.nonNull) return made;
  if (completion.holes.length === before) {
    const { path } = completion;
    hole(completion, undefined, `Cannot return null for non-nullable ${placeOf(path, shape)}.`);
  }
  return broken;
}

/** Completes a value that is there; null when it cannot be shown. */
function completePresent(given: unknown, shape: ValueShape, completion: Completion): unknown {
  if (shape.object) return completeObject(given, shape, completion);
  if (shape.element) return completeList(given, shape, completion);
  if (shape.check === undefined || shape.check(given)) return given;
  return wrong(shape, completion);
}

function completeList(given: unknown, shape: ValueShape, completion: Completion): unknown {
  if (!Array.isArray(given)) return wrong(shape, completion);
  const { path } = completion;
  const element = shape.element!;
  const completed: unknown[] = [];
  let whole = true;
  const depth = path.length;
  for (let index = 0; index < given.length; index += 1) {
    path[depth] = index;
    const made = completeValue(given[index], element, completion);
    if (made === broken) whole = false;
    else completed.push(made);
  }
  path.length = depth;
  return whole ? completed : null;
}

function completeObject(given: unknown, shape: ValueShape, completion: Completion): unknown {
  if (!isData(given)) return wrong(shape, completion);
  const type = typeOf(given, shape.object!);
  if (!type) {
    const place = placeOf(completion.path, shape);
    hole(completion, undefined, `Invalid __typename found for object at ${place}.`);
    return null;
  }
  const completed = completeFields(given, type, completion);
  return completed === broken ? null : completed;
}

function typeOf(data: Data, shape: ObjectShape): TypeShape | undefined {
  const name = fieldOf(data, '__typename');
  if (name === undefined || name === null) {
    for (const key of shape.typeKeys?.() ?? []) {
      const other = fieldOf(data, key);
      if (typeof other === 'string') return shape.ofType(other);
    }
    return shape.declared();
  }
  if (name === shape.declaredName) return shape.declared();
  return typeof name === 'string' ? shape.ofType(name) : undefined;
}

function wrong(shape: ValueShape, completion: Completion): null {
  hole(completion, undefined, `Invalid value found for ${placeOf(completion.path, shape)}.`);
  return null;
}

function hole(completion: Completion, key: string | undefined, message: string): void {
  const path = key === undefined ? [...completion.path] : [...completion.path, key];
  completion.holes.push(new GraphQLError(message, { path, extensions: { code: 'INVALID_GRAPHQL' } }));
}

function placeOf(path: readonly (string | number)[], { place }: ValueShape): string {
  const last = path.at(-1);
  return typeof last === 'number' ? `${place} at index ${last}` : place;
}
