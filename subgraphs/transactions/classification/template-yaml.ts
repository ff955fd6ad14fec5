import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  stringify,
  type Document,
  type Node,
} from 'yaml';
import type { z } from 'zod';
import { CrossfootError } from '#kernel/errors';
import { templateSchema, type Template } from './template.ts';

/** Larger files are no templates. */
const mostCharacters = 400_000;

/**
 * Reads a template file. Throws TEMPLATE_INVALID with the path and the line of what is wrong: YAML that cannot be read,
 * unknown or missing fields, numbers that must stand in quotes. Anchors are refused, because they can grow without end.
 */
export function parseTemplate(text: string): Template {
  if (text.length > mostCharacters) throw invalid(`The file has more than ${mostCharacters} characters`, []);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true, merge: false });
  const [error] = document.errors;
  if (error) {
    const { line } = lines.linePos(error.pos[0]);
    throw invalid(`Line ${line}: ${error.message.split('\n')[0]}`, []);
  }
  const anchored = hasAnchor(document);
  if (anchored) throw invalid('Anchors and aliases are not used in templates; write it out', []);
  const parsed = templateSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalidAt(issue, document, lines);
}

/** Writes a template in its one form: the same template gives the same bytes, and reading them gives it back. */
export function printTemplate(template: Template): string {
  return stringify(ordered(templateSchema, template), {
    lineWidth: 0,
    defaultStringType: 'PLAIN',
    defaultKeyType: 'PLAIN',
    aliasDuplicateObjects: false,
  });
}

function hasAnchor(document: Document): boolean {
  const nodes: unknown[] = [document.contents];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (node === null || typeof node !== 'object') continue;
    if ('source' in node && !isScalar(node)) return true;
    if ('anchor' in node && node.anchor !== undefined) return true;
    if (isMap(node) || isSeq(node)) nodes.push(...(node.items as unknown[]));
    else if (isPair(node)) nodes.push(node.key, node.value);
  }
  return false;
}

function invalidAt(
  issue: z.core.$ZodIssue | undefined,
  document: Document,
  lines: LineCounter,
): CrossfootError {
  const path = (issue?.path ?? []).map(String);
  const node = nearest(document, issue?.path ?? []);
  const at = node?.range ? `Line ${lines.linePos(node.range[0]).line}, ` : '';
  const where = path.length > 0 ? `${path.join('.')}: ` : '';
  return invalid(`${at}${where}${issue?.message ?? 'is not a template'}`, path);
}

/** The node at a path, or the last one on the way to it that is there. */
function nearest(document: Document, path: readonly PropertyKey[]): Node | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const found = document.getIn(path.slice(0, length), true) as Node | undefined;
    if (found) return found;
  }
  return undefined;
}

function invalid(message: string, path: readonly string[]): CrossfootError {
  return new CrossfootError('TEMPLATE_INVALID', message, { path });
}

interface Shaped {
  readonly def: {
    readonly shape?: Record<string, Shaped>;
    readonly innerType?: Shaped;
    readonly element?: Shaped;
    readonly valueType?: Shaped;
  };
}

/** The value with its keys in the order of the schema; records keep the order in which they were written. */
function ordered(schema: unknown, value: unknown): unknown {
  const { def } = schema as Shaped;
  if (def.innerType) return ordered(def.innerType, value);
  if (def.element && Array.isArray(value)) return value.map((one) => ordered(def.element, one));
  if (value === null || typeof value !== 'object') return value;
  const given = value as Readonly<Record<string, unknown>>;
  if (def.shape) {
    const known = Object.entries(def.shape).filter(([key]) => given[key] !== undefined);
    return Object.fromEntries(known.map(([key, part]) => [key, ordered(part, given[key])]));
  }
  return Object.fromEntries(Object.entries(given).map(([key, one]) => [key, ordered(def.valueType, one)]));
}
