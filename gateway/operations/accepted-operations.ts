import type { KnownOperation } from './admission.ts';
import { asksOfSchema } from './introspection.ts';

/** The operations that Apollo Server has parsed, validated and let through to execution. */
export interface AcceptedOperations {
  /** Remembers that Apollo Server had nothing against an operation; questions about the schema stay with it. */
  accept(known: KnownOperation): void;
  isAccepted(known: KnownOperation): boolean;
}

/** Starts with none; each is forgotten together with what admission remembers of it. */
export function acceptedOperations(): AcceptedOperations {
  const accepted = new WeakSet<KnownOperation>();
  return {
    accept(known) {
      if (!asksOfSchema(known)) accepted.add(known);
    },
    isAccepted: (known) => accepted.has(known),
  };
}
