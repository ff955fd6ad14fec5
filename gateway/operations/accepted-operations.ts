import type { KnownOperation } from './admission.ts';
import { asksOfSchema } from './introspection.ts';

/** Operations that Apollo Server has parsed, validated and let through to execution, each with what it compiled to. */
export interface AcceptedOperations<Compiled> {
  /** The compiled operation; made at the first call. Throws what the planner throws. */
  compiled(known: KnownOperation): Compiled;
  /** Remembers that Apollo Server had nothing against an operation; questions about the schema stay with it. */
  accept(known: KnownOperation): void;
  isAccepted(known: KnownOperation): boolean;
}

/** Starts with none; what is kept goes when the operation itself is forgotten. */
export function acceptedOperations<Compiled extends object>(
  compile: (known: KnownOperation) => Compiled,
): AcceptedOperations<Compiled> {
  const compiled = new WeakMap<KnownOperation, Compiled>();
  const accepted = new WeakSet<KnownOperation>();
  return {
    compiled(known) {
      let found = compiled.get(known);
      if (!found) {
        found = compile(known);
        compiled.set(known, found);
      }
      return found;
    },
    accept(known) {
      if (!asksOfSchema(known)) accepted.add(known);
    },
    isAccepted: (known) => accepted.has(known),
  };
}
