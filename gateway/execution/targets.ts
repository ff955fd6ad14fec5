import { fieldOf, isData, type AnswerPath, type Data } from './data.ts';

/** Collects the objects at a path of a plan, in which `@` stands for every element of a list. */
export function collectTargets(root: Data, path: readonly string[], into: Data[]): void {
  const walk = (value: unknown, from: number): void => {
    let current = value;
    for (let at = from; at < path.length; at += 1) {
      const key = path[at]!;
      if (key === '@') {
        if (!Array.isArray(current)) return;
        for (let index = 0; index < current.length; index += 1) walk(current[index], at + 1);
        return;
      }
      if (!isData(current)) return;
      current = fieldOf(current, key);
    }
    if (isData(current)) into.push(current);
  };
  walk(root, 0);
}

/** Every place at which each of the wanted objects stands, found again when an error must name it. */
export function pathsOf(
  root: Data,
  path: readonly string[],
  wanted: ReadonlySet<Data>,
): ReadonlyMap<Data, readonly AnswerPath[]> {
  const found = new Map<Data, AnswerPath[]>();
  const walk = (value: unknown, at: number, here: AnswerPath): void => {
    const key = path[at];
    if (key === undefined) {
      if (!isData(value) || !wanted.has(value)) return;
      const known = found.get(value);
      if (known) known.push(here);
      else found.set(value, [here]);
    } else if (key === '@') {
      if (Array.isArray(value)) value.forEach((element, index) => walk(element, at + 1, [...here, index]));
    } else if (isData(value)) {
      walk(fieldOf(value, key), at + 1, [...here, key]);
    }
  };
  walk(root, 0, []);
  return found;
}
