import type { WireMoney } from '#kernel/events';

/** An open item that was looked at, as it stood then. */
export interface EvidenceCandidate {
  readonly openItemId: string;
  readonly label: string;
  /** What was open of it, signed as the bank line that settles it. */
  readonly open?: WireMoney;
  /** How well it fits, in basis points 0 to 10000. */
  readonly score: number;
  /** Why it was not taken, in a sentence. */
  readonly reason: string;
}

/** What was known when an exception was raised; kept with it, whatever changes afterwards. */
export interface ExceptionEvidence {
  /** What was paid less what was expected. */
  readonly difference?: WireMoney;
  readonly candidates?: readonly EvidenceCandidate[];
  /** Other lines the reason speaks of: the payment returned, the first of two equal payments. */
  readonly relatedLineIds?: readonly string[];
}
