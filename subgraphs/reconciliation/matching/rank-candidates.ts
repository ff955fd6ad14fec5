import { daysBetween } from '#kernel/calendar';
import { money, type Money } from '#kernel/money';
import { nameTokens, tokenSimilarity } from '#kernel/names';
import { sameDirection, size } from './candidates.ts';
import { spell } from './explain.ts';
import type { MatchEvidence, MatchItem, MatchLine } from './model.ts';
import { keysOfItem, keysOfLine, partyKeyOf } from './search-keys.ts';
import { nearSerial, serialOf } from './references.ts';
import { findSubsetSums } from './subset-sum.ts';

/** Open items a line may pay, alone or together, as a person is offered them. */
export interface Candidate {
  readonly items: readonly { readonly id: string; readonly applied: Money }[];
  /** How much speaks for it, in basis points; a rank, not a chance. */
  readonly score: number;
  readonly evidence: readonly MatchEvidence[];
  /** Lines less applied amounts, where they differ. */
  readonly difference?: Money;
  /** Why it is offered, in a sentence. */
  readonly reason: string;
}

/** What each signal counts for, of a hundred. */
const weights = { reference: 45, amount: 30, party: 20, date: 5 } as const;
/** A name less alike than this says nothing. */
const leastAlike = 7_500;
/** Items of one party that are tried together, nearest in time. */
const mostTogether = 14;
const mostInCombination = 8;

interface Judged {
  readonly item: MatchItem;
  readonly evidence: Record<keyof typeof weights, MatchEvidence>;
  readonly score: number;
}

/**
 * Ranks open items and small combinations for one line, the likeliest first; ties by id, so that the order of the items
 * does not matter. Items in another currency are offered only where the payment names them.
 */
export function rankCandidates(line: MatchLine, items: readonly MatchItem[], most = 10): Candidate[] {
  const keys = new Set(
    keysOfLine({
      references: line.references,
      text: line.text,
      counterpartyName: undefined,
      account: undefined,
    }),
  );
  const judged = items
    .filter((item) => sameDirection(item.open.minor, line.amount.minor))
    .map((item) => judge(line, item, keys));
  const alone = judged.filter(isWorthOffering).map((one) => single(line, one));
  return [...alone, ...combinations(line, judged)]
    .toSorted((a, b) => b.score - a.score || (idsOf(a) < idsOf(b) ? -1 : 1))
    .slice(0, most);
}

function idsOf({ items }: Candidate): string {
  return items.map(({ id }) => id).join(' ');
}

function judge(line: MatchLine, item: MatchItem, keys: ReadonlySet<string>): Judged {
  const evidence = {
    reference: referenceEvidence(item, keys),
    amount: amountEvidence(line, item),
    party: partyEvidence(line, item),
    date: dateEvidence(line, item),
  };
  const names = Object.keys(weights) as (keyof typeof weights)[];
  const score = names.reduce((sum, name) => sum + weights[name] * evidence[name].score, 0);
  return { item, evidence, score: Math.floor(score / 100) };
}

function isWorthOffering({ item, evidence }: Judged): boolean {
  if (evidence.reference.score > 0) return true;
  return evidence.amount.score === 10_000 || (evidence.party.score >= leastAlike && item.open.minor !== 0n);
}

function referenceEvidence(item: MatchItem, keys: ReadonlySet<string>): MatchEvidence {
  const own = keysOfItem({ ...keyed(item) });
  const named = own.find((key) => keys.has(key) && !key.startsWith('#'));
  if (named) return { signal: 'reference', score: 10_000, detail: `The payment names ${named}.` };
  const number = own.find((key) => keys.has(key));
  if (number)
    return { signal: 'reference', score: 7_000, detail: `The payment holds the number ${number.slice(1)}.` };
  const serial = item.reference === undefined ? undefined : serialOf(item.reference);
  const near =
    serial === undefined
      ? undefined
      : [...keys].find((key) => key.startsWith('#') && nearSerial(key.slice(1), serial) !== undefined);
  if (near && serial) {
    const detail = `The number ${near.slice(1)} in the payment is nearly ${serial}.`;
    return { signal: 'reference', score: 4_000, detail };
  }
  return { signal: 'reference', score: 0, detail: 'The payment does not name it.' };
}

function keyed(item: MatchItem) {
  return {
    id: item.id,
    reference: item.reference,
    paymentReference: item.paymentReference,
    counterpartyName: item.counterpartyName,
    accounts: item.counterpartyAccounts ?? [],
    partyId: item.partyId,
  };
}

function amountEvidence({ amount }: MatchLine, { open }: MatchItem): MatchEvidence {
  if (open.currency !== amount.currency) {
    const detail = `It is in ${open.currency}; the bank booked ${amount.currency}.`;
    return { signal: 'amount', score: 2_000, detail };
  }
  const missing = size(open.minor) - size(amount.minor);
  if (missing === 0n)
    return { signal: 'amount', score: 10_000, detail: 'The amount is exactly what is open.' };
  const text = spell(size(missing), amount.currency);
  const share = Number((size(missing) * 10_000n) / (size(open.minor) || 1n));
  if (missing < 0n) {
    const detail = `The payment is ${text} more than what is open.`;
    return { signal: 'amount', score: Math.max(500, 5_000 - 5 * share), detail };
  }
  const detail = `The payment is ${text} less than what is open.`;
  return { signal: 'amount', score: Math.max(1_500, 8_000 - 10 * share), detail };
}

function partyEvidence(line: MatchLine, item: MatchItem): MatchEvidence {
  const { counterpartyAccount: account } = line;
  if (account && item.counterpartyAccounts?.includes(account))
    return { signal: 'party', score: 10_000, detail: 'The account is one of the party.' };
  const tokens = nameTokens(line.counterpartyName ?? '');
  let [best, said] = [0, ''];
  for (const name of [item.counterpartyName, ...(item.aliases ?? [])]) {
    const score = name && tokens.length > 0 ? tokenSimilarity(tokens, nameTokens(name)) : 0;
    if (score > best) [best, said] = [score, name ?? ''];
  }
  if (best >= leastAlike) {
    const detail = best === 10_000 ? `The name is that of ${said}.` : `The name is much like ${said}.`;
    return { signal: 'party', score: Math.min(best, 9_500), detail };
  }
  return { signal: 'party', score: 0, detail: 'Neither name nor account points to its party.' };
}

function dateEvidence(line: MatchLine, item: MatchItem): MatchEvidence {
  const gap = daysBetween(item.issuedOn, line.bookedOn);
  const score = gap < -5 ? 500 : gap <= 45 ? 10_000 : gap <= 120 ? 6_000 : 2_000;
  const days = Math.abs(gap) === 1 ? '1 day' : `${Math.abs(gap)} days`;
  const detail =
    gap < 0 ? `It was paid ${days} before it was issued.` : `It was paid ${days} after it was issued.`;
  return { signal: 'date', score, detail };
}

function single(line: MatchLine, { item, evidence, score }: Judged): Candidate {
  const same = item.open.currency === line.amount.currency;
  const over = same && size(line.amount.minor) > size(item.open.minor);
  const applied = same && !over ? line.amount : item.open;
  const left = over ? money(line.amount.minor - item.open.minor, line.amount.currency) : undefined;
  const shown = Object.values(evidence).filter((one) => one.score > 0);
  return {
    items: [{ id: item.id, applied }],
    score,
    evidence: shown,
    ...(left ? { difference: left } : {}),
    reason: shown
      .toSorted((a, b) => b.score - a.score)
      .slice(0, 2)
      .map(({ detail }) => detail)
      .join(' '),
  };
}

function combinations(line: MatchLine, judged: readonly Judged[]): Candidate[] {
  const fitting = judged.filter(
    ({ item, evidence }) =>
      item.open.currency === line.amount.currency &&
      size(item.open.minor) <= size(line.amount.minor) &&
      (evidence.party.score >= leastAlike || evidence.reference.score > 0),
  );
  const groups = Map.groupBy(fitting, ({ item }) => partyKeyOf(keyed(item)));
  return [...groups.values()].flatMap((group) => combinationsOf(line, group));
}

function combinationsOf(line: MatchLine, group: readonly Judged[]): Candidate[] {
  const near = group
    .toSorted(
      (a, b) =>
        b.evidence.reference.score - a.evidence.reference.score ||
        Math.abs(daysBetween(a.item.issuedOn, line.bookedOn)) -
          Math.abs(daysBetween(b.item.issuedOn, line.bookedOn)) ||
        (a.item.id < b.item.id ? -1 : 1),
    )
    .slice(0, mostTogether);
  const { solutions } = findSubsetSums(
    near.map(({ item }) => item.open.minor),
    line.amount.minor,
  );
  return solutions
    .filter(({ members }) => members.length > 1 && members.length <= mostInCombination)
    .slice(0, 3)
    .map(({ members, share }) =>
      together(
        members.map((at) => near[at]!),
        { share, count: solutions.length },
      ),
    );
}

function together(members: readonly Judged[], { share, count }: { share: number; count: number }): Candidate {
  const mean = (of: (one: Judged) => number) =>
    Math.floor(members.reduce((sum, one) => sum + of(one), 0) / members.length);
  const named = members.filter(({ evidence }) => evidence.reference.score > 0).length;
  const reference = mean(({ evidence }) => evidence.reference.score);
  const [party, date] = [mean((one) => one.evidence.party.score), mean((one) => one.evidence.date.score)];
  const detail =
    count === 1
      ? `${members.length} items add up to the payment, and no others of the party do.`
      : `${members.length} items add up to the payment, as ${count - 1} other combinations do.`;
  const amount = Math.floor(10_000 * share);
  const score =
    (weights.reference * reference + weights.amount * amount + weights.party * party + weights.date * date) /
    100;
  const said: MatchEvidence[] =
    named > 0
      ? [
          {
            signal: 'reference',
            score: reference,
            detail: `The payment names ${named} of ${members.length} items.`,
          },
        ]
      : [];
  return {
    items: members.map(({ item }) => ({ id: item.id, applied: item.open })),
    score: Math.floor(score),
    evidence: [
      ...said,
      { signal: 'combination', score: amount, detail },
      ...(members[0] ? [members[0].evidence.party] : []),
    ],
    reason: detail,
  };
}
