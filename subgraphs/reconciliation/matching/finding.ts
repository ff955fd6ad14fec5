import type { ItemNode, LineNode } from './nodes.ts';
import type { MatchEvidence, MatchMethod, MatchRival } from './model.ts';

/** What a stage found; amounts in minor units. */
export interface Finding {
  readonly lines: readonly LineNode[];
  readonly items: readonly { readonly node: ItemNode; readonly applied: bigint }[];
  readonly method: MatchMethod;
  readonly confidence: number;
  readonly evidence?: readonly MatchEvidence[];
  readonly rivals?: readonly MatchRival[];
  readonly difference?: bigint;
  /** False for findings that a person has to look at however likely they are. */
  readonly mayBeAutomatic?: boolean;
}
