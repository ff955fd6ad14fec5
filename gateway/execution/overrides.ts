import type { Schema } from '@apollo/federation-internals';

/** Which of the labelled `@override`s hold, by their labels. */
export type Overrides = ReadonlyMap<string, boolean>;

/** Decides about a label for one execution. */
export type DecideOverride = (label: string) => boolean;

/** More variants than these are not kept, however labels fall. */
const keptVariants = 32;

/** The labels of all progressive overrides of a supergraph. */
export function readOverrideLabels(supergraph: Schema): readonly string[] {
  const labels = new Set<string>();
  for (const application of supergraph.directive('join__field')?.applications() ?? []) {
    const label: unknown = application.arguments()['overrideLabel'];
    if (typeof label === 'string') labels.add(label);
  }
  return [...labels];
}

/** `percent(20)` holds for a fifth of all executions; no other label holds by itself. */
export function byPercent(label: string): boolean {
  const percent = /^percent\((\d{1,3}(?:\.\d+)?)\)$/.exec(label)?.[1];
  return percent !== undefined && Math.random() * 100 < Number(percent);
}

/** Gives what was made for the labels as they fall; each variant is made when it is first needed. */
export function overrideVariants<Variant>(
  labels: readonly string[],
  decide: DecideOverride,
  make: (overrides: Overrides) => Variant,
): () => Variant {
  const variants = new Map<string, Variant>();
  return () => {
    const overrides = new Map(labels.map((label) => [label, decide(label)]));
    const key = [...overrides.values()].map(Number).join('');
    const known = variants.get(key);
    if (known !== undefined) return known;
    const made = make(overrides);
    if (variants.size < keptVariants) variants.set(key, made);
    return made;
  };
}
