import type { Template } from './template.ts';

/** What became of a part of a template. */
export const changeKinds = ['ADDED', 'REMOVED', 'CHANGED', 'MOVED'] as const;

/** One difference between two versions: where, what it was and what it is, as text. */
export interface TemplateChange {
  /** Such as `rules["Card sale"].lines[0].debit`; rules and tests go by their names. */
  readonly path: string;
  readonly change: (typeof changeKinds)[number];
  readonly before?: string;
  readonly after?: string;
}

/** The differences from one version to another; none for the same content. Rules that only changed places are MOVED. */
export function diffTemplates(before: Template, after: Template): TemplateChange[] {
  return compare('', before, after);
}

function compare(path: string, before: unknown, after: unknown): TemplateChange[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ path, change: 'ADDED', after: show(after) }];
  if (after === undefined) return [{ path, change: 'REMOVED', before: show(before) }];
  if (isNamedList(before) && isNamedList(after)) return compareNamed(path, before, after);
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }).flatMap((_, index) =>
      compare(`${path}[${index}]`, before[index], after[index]),
    );
  }
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => compare(path === '' ? key : `${path}.${key}`, before[key], after[key]));
  }
  if (before === after) return [];
  return [{ path, change: 'CHANGED', before: show(before), after: show(after) }];
}

interface Named {
  readonly name: string;
}

function compareNamed(path: string, before: readonly Named[], after: readonly Named[]): TemplateChange[] {
  const old = new Map(before.map((one) => [one.name, one]));
  const fresh = new Map(after.map((one) => [one.name, one]));
  const names = [...new Set([...old.keys(), ...fresh.keys()])];
  const changes = names.flatMap((name) =>
    compare(`${path}[${JSON.stringify(name)}]`, old.get(name), fresh.get(name)),
  );
  const kept = before.filter((one) => fresh.has(one.name)).map((one) => one.name);
  const places = after.filter((one) => old.has(one.name)).map((one) => one.name);
  // The order of rules decides, so a change of it is told even where no rule changed.
  if (kept.join('\n') === places.join('\n')) return changes;
  return [...changes, { path, change: 'MOVED', before: kept.join(', '), after: places.join(', ') }];
}

function isNamedList(value: unknown): value is readonly Named[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => isRecord(one) && typeof one['name'] === 'string')
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
