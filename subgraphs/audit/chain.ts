import { sha256Hex } from '#kernel/canonical';

/** A place in the chain of an organisation; an auditor who keeps one can prove later that nothing up to it changed. */
export interface ChainHead {
  /** 1 for the first record, 0 for the beginning, before any record. */
  readonly sequence: number;
  /** SHA-256, 64 lower-case hexadecimal characters. */
  readonly hash: string;
}

/** A sealed record as the chain sees it. */
export interface ChainRecord extends ChainHead {
  readonly previousHash: string;
  /** The text that is sealed, byte for byte as the command's transaction left it. */
  readonly record: string;
  readonly command: string;
  readonly subjectId: string;
}

/** What became of checking a chain. */
export interface ChainVerification {
  readonly valid: boolean;
  /** How many records hold, from the first on. */
  readonly records: number;
  /** The hash of the last record that holds; that of the beginning where there is none. */
  readonly headHash: string;
  /** The first sequence at which the chain is not what it was. */
  readonly firstBroken: number | undefined;
  /** What is wrong there, for people. */
  readonly problem: string | undefined;
}

/** What is known of a chain from elsewhere. */
export interface KnownHeads {
  /** The end of the chain as the database remembers it; the records must end exactly there. */
  readonly end?: ChainHead;
  /** A head somebody kept; the records must contain it. */
  readonly kept?: ChainHead;
}

/** How far a chain has been checked; `verifyNext` takes it one record further. */
export interface ChainProgress {
  readonly head: ChainHead;
  readonly known: KnownHeads;
  readonly broken: { readonly sequence: number; readonly problem: string } | undefined;
}

/** Before the first record: SHA-256 over `crossfoot.audit.chain`, a line feed and the id of the organisation. */
export function genesis(organisationId: string): ChainHead {
  return { sequence: 0, hash: sha256Hex(`crossfoot.audit.chain\n${organisationId}`) };
}

/**
 * The hash of a record: SHA-256 over the UTF-8 bytes of `crossfoot.audit.record`, a line feed, the previous hash, a line
 * feed, the sequence in decimal digits, a line feed, and the text of the record. Two different records never give the
 * same bytes: the previous hash is always 64 characters, digits hold no line feed, and the text is all that follows.
 */
export function recordHash(previousHash: string, sequence: number, record: string): string {
  return sha256Hex(`crossfoot.audit.record\n${previousHash}\n${sequence}\n${record}`);
}

/** Chains a record to a head. */
export function chainRecord(head: ChainHead, record: string): ChainRecord {
  const sequence = head.sequence + 1;
  return {
    sequence,
    record,
    previousHash: head.hash,
    hash: recordHash(head.hash, sequence, record),
    ...searchKeys(record),
  };
}

const longestKey = 200;

/**
 * The command and subject by which a record is found, as PostgreSQL can keep and index them. A text that is no record
 * of a command gives empty keys: it is sealed like any other, so that one bad row stops nobody.
 */
export function searchKeys(record: string): { command: string; subjectId: string } {
  const facts = parsed(record);
  return { command: key(facts['command']), subjectId: key(facts['subjectId']) };
}

function parsed(record: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(record);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function key(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value.replaceAll('\0', '\uFFFD').slice(0, longestKey).toWellFormed();
}

/** Begins to check the chain of an organisation. */
export function openChain(organisationId: string, known: KnownHeads = {}): ChainProgress {
  const head = genesis(organisationId);
  const broken =
    known.kept?.sequence === 0 && known.kept.hash !== head.hash
      ? { sequence: 0, problem: 'The expected head is not the beginning of this chain' }
      : undefined;
  return { head, known, broken };
}

/** Checks the next record, in the order of sequences; what comes after the first break is not looked at. */
export function verifyNext(progress: ChainProgress, next: ChainRecord): ChainProgress {
  if (progress.broken) return progress;
  const problem = problemOf(progress, next);
  if (problem === undefined) {
    return { ...progress, head: { sequence: next.sequence, hash: next.hash } };
  }
  return { ...progress, broken: { sequence: progress.head.sequence + 1, problem } };
}

function problemOf({ head, known }: ChainProgress, next: ChainRecord): string | undefined {
  const sequence = head.sequence + 1;
  if (next.sequence !== sequence) {
    return `Record ${sequence} is not in its place: record ${next.sequence} stands there`;
  }
  if (next.previousHash !== head.hash) {
    return `Record ${sequence} is not chained to the record before it`;
  }
  if (next.hash !== recordHash(head.hash, sequence, next.record)) {
    return `Record ${sequence} does not have the hash under which it was sealed`;
  }
  const keys = searchKeys(next.record);
  if (next.command !== keys.command || next.subjectId !== keys.subjectId) {
    return `Record ${sequence} is filed under another command or subject than its text names`;
  }
  if (known.kept?.sequence === sequence && known.kept.hash !== next.hash) {
    return `Record ${sequence} is not the one the expected head was taken from: the chain was rewritten`;
  }
  return undefined;
}

/**
 * Ends the check. Records missing at the end leave a chain that is whole in itself: only a head remembered from before,
 * in the database or by an auditor, tells of them.
 */
export function closeChain({ head, known, broken }: ChainProgress): ChainVerification {
  const end = broken ?? endProblem(head, known);
  return {
    valid: end === undefined,
    records: head.sequence,
    headHash: head.hash,
    firstBroken: end?.sequence,
    problem: end?.problem,
  };
}

function endProblem(head: ChainHead, { end, kept }: KnownHeads): ChainProgress['broken'] {
  if (kept && kept.sequence > head.sequence) {
    const problem = `The chain ends with record ${head.sequence}, but the expected head is record ${kept.sequence}`;
    return { sequence: head.sequence + 1, problem };
  }
  if (end && end.sequence > head.sequence) {
    const problem = `The chain ends with record ${head.sequence}, but ${end.sequence} records were sealed`;
    return { sequence: head.sequence + 1, problem };
  }
  if (end && (end.sequence < head.sequence || end.hash !== head.hash)) {
    const problem = `The head kept beside the records is not that of record ${head.sequence}`;
    return { sequence: Math.min(end.sequence + 1, head.sequence), problem };
  }
  return undefined;
}

/** Checks a whole chain. */
export function verifyChain(
  organisationId: string,
  records: Iterable<ChainRecord>,
  known: KnownHeads = {},
): ChainVerification {
  let progress = openChain(organisationId, known);
  for (const record of records) progress = verifyNext(progress, record);
  return closeChain(progress);
}
