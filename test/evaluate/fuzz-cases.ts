import { readFileSync } from 'node:fs';
import { drawFrom, mutated } from '../support/mutations.ts';

/** Which cases to run over which files. */
export interface FuzzPlan {
  /** Paths of files by format: each format gets the same number of cases, however few its files are. */
  readonly formats: readonly (readonly [format: string, paths: readonly string[]])[];
  readonly seed: number;
  readonly first: number;
  /** Before this one it ends. */
  readonly end: number;
}

/** One damaged copy. */
export interface FuzzCase {
  readonly format: string;
  readonly path: string;
  readonly mutations: readonly string[];
  readonly bytes: Buffer;
}

const kept = new Map<string, Buffer>();

/** The case of a number, the same whenever and wherever it is asked for. */
export function caseOf({ formats, seed }: FuzzPlan, index: number): FuzzCase {
  const draw = drawFrom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const [format, paths] = formats[index % formats.length] ?? ['', []];
  const path = paths[draw(paths.length)] ?? '';
  const original = kept.get(path) ?? readFileSync(path);
  kept.set(path, original);
  const { bytes, names } = mutated(original, draw);
  return { format, path, mutations: names, bytes };
}
