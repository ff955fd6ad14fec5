import { sha256Hex } from '#kernel/canonical';
import type { CalendarDate } from '#kernel/calendar';
import { formatMoney, money } from '#kernel/money';
import type { ExceptionReason } from '../triage/reasons.ts';

/** Ways out of an exception. */
export const resolutionKinds = {
  MAKE_RULE: 'Book it as earlier ones were, and let a rule do so from now on.',
  BOOK: 'Book the line to an account.',
  MATCH: 'Match the line with one item, in part where less was paid.',
  SPLIT: 'Split the line over several items.',
  RESOLVE: 'Close it as earlier ones were closed.',
  RELEASE: 'Use the statement as it is.',
  ASK: 'Ask the other side, and wait until a day.',
} as const;

/** One way out. */
export type ResolutionKind = keyof typeof resolutionKinds;

/** An open item that may be meant, as it stands now; amounts signed as the line that settles it. */
export interface CandidateItem {
  readonly openItemId: string;
  readonly label: string;
  readonly openMinor: bigint;
  /** What the line would pay of it. */
  readonly appliedMinor: bigint;
  readonly currency: string;
  readonly vendorId?: string | undefined;
}

/** Open items that a line may pay, one alone or several that add up to it. */
export interface Candidate {
  readonly items: readonly CandidateItem[];
  /** How much speaks for it, in basis points. */
  readonly score: number;
}

/** What was done with lines of this kind before. */
export interface Earlier {
  /** Booked to this account so many times, and never to another one lately. */
  readonly booked?: {
    readonly accountCode: string;
    readonly memo?: string | undefined;
    readonly times: number;
  };
  /** Closed with these words so many times. */
  readonly closed?: { readonly resolution: string; readonly times: number };
  /** A rule that is good enough to be proposed. */
  readonly rule?: { readonly proposalId: string; readonly accountCode: string; readonly total: number };
}

/** An open exception with all that its ways out depend on. */
export interface Situation {
  readonly reason: ExceptionReason;
  readonly detail: string;
  readonly line?: {
    readonly minor: bigint;
    readonly currency: string;
    readonly bookedOn: string;
    readonly counterpartyName?: string | null | undefined;
    readonly text: string;
  };
  /** Of no line, but of a statement that is held back. */
  readonly heldStatement: boolean;
  readonly candidates: readonly Candidate[];
  readonly earlier: Earlier;
  /** Where charges of the bank go. */
  readonly chargesAccountCode?: string | undefined;
  /** The day by which an answer can be hoped for. */
  readonly followUpOn: CalendarDate;
}

/** A way out as data, which one call carries out. */
export interface ResolutionProposal {
  /** The same for the same way out of the same exception. */
  readonly id: string;
  readonly kind: ResolutionKind;
  readonly label: string;
  /** Where the line, or what it differs from its items by, is booked; the caller has to name one where it is missing. */
  readonly accountCode?: string | undefined;
  readonly memo?: string | undefined;
  /** What is taken of each item; amounts signed as the line. */
  readonly items?: readonly { readonly openItemId: string; readonly appliedMinor: bigint }[];
  readonly currency?: string | undefined;
  readonly message?: string | undefined;
  readonly followUpOn?: CalendarDate | undefined;
  readonly vendorId?: string | undefined;
  readonly ruleProposalId?: string | undefined;
  readonly resolution?: string | undefined;
}

type Line = NonNullable<Situation['line']>;

const mostMatches = 3;
const mostSplits = 2;
/** A difference of more than so many of a hundred is no charge. */
const mostCharge = 5n;

/** What may be done about an open exception, the most likely first. */
export function proposeResolutions(situation: Situation): ResolutionProposal[] {
  const { line, heldStatement } = situation;
  if (!line) return [...(heldStatement ? [release] : []), ask(situation)];
  const bookable = situation.reason === 'NO_CANDIDATE' || situation.reason === 'FEE_UNKNOWN';
  const items = [...splits(line, situation), ...single(line, situation)];
  const bookings = [...rule(situation), ...book(line, situation)];
  return [
    ...(bookable ? [...bookings, ...items] : [...items, ...bookings]),
    ...closed(situation),
    ask(situation),
  ];
}

const release: ResolutionProposal = {
  id: 'release',
  kind: 'RELEASE',
  label: 'Use the statement as it is; its lines are matched from then on.',
};

function rule({ earlier }: Situation): ResolutionProposal[] {
  if (!earlier.rule) return [];
  const { proposalId, accountCode, total } = earlier.rule;
  return [
    {
      id: `rule-${proposalId}`,
      kind: 'MAKE_RULE',
      label: `Same as ${total} earlier ones, booked to ${accountCode}: make it a rule.`,
      accountCode,
      ruleProposalId: proposalId,
    },
  ];
}

function book(line: Line, { reason, earlier, chargesAccountCode }: Situation): ResolutionProposal[] {
  const spelt = spell(line.minor < 0n ? -line.minor : line.minor, line.currency);
  if (earlier.booked) {
    const { accountCode, memo, times } = earlier.booked;
    const label = `Book ${spelt} to ${accountCode}, as ${times === 1 ? 'once' : `${times} times`} before.`;
    return [{ id: `book-${accountCode}`, kind: 'BOOK', label, accountCode, memo }];
  }
  if (reason !== 'FEE_UNKNOWN') return [];
  const where = chargesAccountCode === undefined ? '' : ` to ${chargesAccountCode}`;
  return [
    {
      id: 'book-charge',
      kind: 'BOOK',
      label: `Book ${spelt} bank charge${where}.`,
      accountCode: chargesAccountCode,
      memo: 'Bank charge',
    },
  ];
}

/** Items of which one alone answers to the line: in full, in part, or but for a charge. */
function single(line: Line, { candidates, chargesAccountCode }: Situation): ResolutionProposal[] {
  return alone(line, candidates)
    .flatMap((item) => [...charged(line, item, chargesAccountCode), ...paid(line, item)])
    .slice(0, mostMatches);
}

function paid(line: Line, item: CandidateItem): ResolutionProposal[] {
  const left = item.openMinor - line.minor;
  if (size(item.openMinor) < size(line.minor)) return [];
  const rest = left === 0n ? '.' : `; ${spell(size(left), line.currency)} stays open.`;
  return [
    {
      id: `match-${item.openItemId}`,
      kind: 'MATCH',
      label: `Match with ${item.label}${rest}`,
      items: [{ openItemId: item.openItemId, appliedMinor: line.minor }],
      currency: line.currency,
      vendorId: item.vendorId,
    },
  ];
}

/** The item is settled whole, and what little is missing or too much is booked. */
function charged(line: Line, item: CandidateItem, accountCode: string | undefined): ResolutionProposal[] {
  const difference = size(line.minor - item.openMinor);
  if (accountCode === undefined || difference === 0n) return [];
  if (difference * 100n > size(item.openMinor) * mostCharge) return [];
  return [
    {
      id: `charge-${item.openItemId}`,
      kind: 'MATCH',
      label: `Match with ${item.label} and book the difference of ${spell(difference, line.currency)} to ${accountCode}.`,
      accountCode,
      items: [{ openItemId: item.openItemId, appliedMinor: item.openMinor }],
      currency: line.currency,
      vendorId: item.vendorId,
    },
  ];
}

/** Sets of items that come to exactly the amount of the line. */
function splits(line: Line, { candidates }: Situation): ResolutionProposal[] {
  return candidates
    .filter(({ items }) => items.length > 1)
    .filter(({ items }) => items.reduce((sum, one) => sum + one.appliedMinor, 0n) === line.minor)
    .slice(0, mostSplits)
    .map(({ items }) => ({
      id: `split-${items.map((one) => one.openItemId).join('.')}`,
      kind: 'SPLIT',
      label: `Split over ${listed(items.map((one) => one.label))}.`,
      items: items.map(({ openItemId, appliedMinor }) => ({ openItemId, appliedMinor })),
      currency: line.currency,
    }));
}

/** Items the line may pay by itself: in its currency and direction, the likeliest first. */
function alone(line: Line, candidates: readonly Candidate[]): CandidateItem[] {
  return candidates
    .flatMap(({ items }) => (items.length === 1 ? items : []))
    .filter((one) => one.currency === line.currency && one.openMinor !== 0n)
    .filter((one) => one.openMinor < 0n === line.minor < 0n);
}

function closed({ earlier }: Situation): ResolutionProposal[] {
  if (!earlier.closed) return [];
  const { resolution, times } = earlier.closed;
  return [
    {
      id: `close-${sha256Hex(resolution).slice(0, 12)}`,
      kind: 'RESOLVE',
      label: `Close as ${times === 1 ? 'once' : `${times} times`} before: ${resolution}`,
      resolution,
    },
  ];
}

const askForStatement = 'Please send us the complete statement.';
const askHowToGoOn = 'Please tell us what happened and how to go on.';

function ask({ line, detail, candidates, followUpOn, heldStatement }: Situation): ResolutionProposal {
  const vendorId = line && alone(line, candidates)[0]?.vendorId;
  const whom = line?.counterpartyName ?? (line ? 'the other side' : 'the bank');
  return {
    id: 'ask',
    kind: 'ASK',
    label: `Ask ${whom}, and come back to it on ${followUpOn}.`,
    message: line
      ? question(line, candidates)
      : `${detail} ${heldStatement ? askForStatement : askHowToGoOn}`,
    followUpOn,
    vendorId,
  };
}

function question(line: Line, candidates: readonly Candidate[]): string {
  const amount = spell(size(line.minor), line.currency);
  const known = alone(line, candidates).slice(0, mostMatches);
  const paid =
    line.minor < 0n
      ? `on ${line.bookedOn} we paid you ${amount}`
      : `on ${line.bookedOn} we received ${amount} from you`;
  const text = line.text.trim() === '' ? '' : ` ("${line.text.trim().slice(0, 140)}")`;
  const open =
    known.length === 0
      ? 'We have no document for it.'
      : `Open with us are ${listed(known.map((one) => `${one.label} with ${spell(size(one.openMinor), one.currency)}`))}.`;
  return [
    `Hello${line.counterpartyName ? ` ${line.counterpartyName}` : ''},`,
    `${paid}${text}. ${open}`,
    known.length === 0
      ? 'Please send us the invoice or tell us what the payment is for.'
      : 'Please tell us which of them the payment is for.',
  ].join('\n\n');
}

function listed(all: readonly string[]): string {
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
}

function size(minor: bigint): bigint {
  return minor < 0n ? -minor : minor;
}

function spell(minor: bigint, currency: string): string {
  return `${formatMoney(money(minor, currency))} ${currency}`;
}
