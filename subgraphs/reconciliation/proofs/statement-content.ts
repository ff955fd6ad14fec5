import type { CalendarDate } from '#kernel/calendar';
import { canonicalJson } from '#kernel/canonical';
import { formatMoney } from '#kernel/money';
import type { AccountProof } from './account-proof.ts';
import { itemKinds, type ItemKind, type ProofItem, type Verdict } from './prove.ts';

/** An amount as text and its currency, as it stands in files and in what is signed. */
export interface WrittenMoney {
  readonly amount: string;
  readonly currency: string;
}

/** An item of a statement as it is written. */
export interface WrittenItem {
  readonly kind: ItemKind;
  readonly on: CalendarDate;
  readonly effect: WrittenMoney;
  readonly booked: WrittenMoney | null;
  readonly label: string;
  readonly reference: string | null;
  readonly detail: string | null;
  readonly lineIds: readonly string[];
  readonly journalEntryIds: readonly string[];
}

/** What the bank says of one account, as it is written. */
export interface WrittenAccount {
  readonly bankAccountId: string;
  readonly name: string;
  readonly lastFour: string;
  readonly statementId: string | null;
  readonly statementReference: string | null;
  readonly statedOn: CalendarDate | null;
  readonly stated: WrittenMoney | null;
  readonly later: WrittenMoney;
  readonly laterCount: number;
  readonly balance: WrittenMoney;
}

/** Days over which the bank's balances rose by something else than its lines. */
export interface WrittenGap {
  readonly bankAccountId: string;
  readonly statementId: string;
  readonly afterOn: CalendarDate | null;
  readonly throughOn: CalendarDate;
  readonly amount: WrittenMoney;
}

/** How many items of a kind there are, and what they come to. */
export interface WrittenSum {
  readonly kind: ItemKind;
  readonly count: number;
  readonly effect: WrittenMoney;
}

/** The proof in one currency, as it is written. */
export interface WrittenTotals {
  readonly bank: WrittenMoney;
  readonly items: WrittenMoney;
  readonly book: WrittenMoney;
  readonly remainder: WrittenMoney;
}

/** A reconciliation statement as it is shown, exported and signed; plain values only. */
export interface StatementContent {
  readonly bankAccountId: string;
  readonly bookId: string;
  readonly owner: string;
  readonly ledgerAccountCode: string;
  readonly currency: string;
  readonly from: CalendarDate;
  readonly asOf: CalendarDate;
  /** The instant from whose knowledge it is, RFC 3339. */
  readonly drawnUpAt: string;
  readonly verdict: Verdict;
  readonly totals: readonly WrittenTotals[];
  readonly accounts: readonly WrittenAccount[];
  readonly unexplained: readonly WrittenGap[];
  readonly summary: readonly WrittenSum[];
  readonly items: readonly WrittenItem[];
  readonly notes: readonly string[];
  readonly lastEntryNumber: string | null;
}

/** Writes a proof down as it stands at an instant. */
export function statementContent(proof: AccountProof, drawnUpAt: Date): StatementContent {
  const { bankAccountId, bookId, legalName, ledgerAccountCode, currency, from, asOf, verdict } = proof;
  const own = (minor: bigint) => written(minor, currency);
  return {
    bankAccountId,
    bookId,
    owner: legalName ?? '',
    ledgerAccountCode,
    currency,
    from,
    asOf,
    drawnUpAt: drawnUpAt.toISOString(),
    verdict,
    totals: proof.totals.map((one) => ({
      bank: written(one.bank, one.currency),
      items: written(one.items, one.currency),
      book: written(one.book, one.currency),
      remainder: written(one.remainder, one.currency),
    })),
    accounts: proof.accounts.map(({ id, name, lastFour, balance }) => ({
      bankAccountId: id,
      name,
      lastFour,
      statementId: balance.stated?.statement.id ?? null,
      statementReference: balance.stated?.statement.reference ?? null,
      statedOn: balance.stated?.on ?? null,
      stated: balance.stated ? own(balance.stated.minor) : null,
      later: own(balance.later.minor),
      laterCount: balance.later.count,
      balance: own(balance.minor),
    })),
    unexplained: proof.accounts.flatMap(({ id, balance }) =>
      balance.unexplained.map(({ statementId, after, through, minor }) => ({
        bankAccountId: id,
        statementId,
        afterOn: after ?? null,
        throughOn: through,
        amount: own(minor),
      })),
    ),
    summary: summaryOf(proof.items),
    items: proof.items.map(writtenItem),
    notes: notesOf(proof),
    lastEntryNumber: proof.lastEntry?.number ?? null,
  };
}

/** The text that is signed: the same for the same content, whatever the order in which it was put together. */
export function contentText(content: StatementContent): string {
  return canonicalJson(content);
}

function written(minor: bigint, currency: string): WrittenMoney {
  return { amount: formatMoney({ minor, currency }), currency };
}

function writtenItem(item: ProofItem): WrittenItem {
  return {
    kind: item.kind,
    on: item.day,
    effect: written(item.effect, item.currency),
    booked: item.booked === undefined ? null : written(item.booked, item.currency),
    label: item.label,
    reference: item.reference ?? null,
    detail: item.detail ?? null,
    lineIds: item.lineIds,
    journalEntryIds: item.journalEntryIds,
  };
}

function summaryOf(items: readonly ProofItem[]): WrittenSum[] {
  return itemKinds.flatMap((kind) => {
    const byCurrency = Map.groupBy(
      items.filter((item) => item.kind === kind),
      ({ currency }) => currency,
    );
    return [...byCurrency].map(([currency, group]) => ({
      kind,
      count: group.length,
      effect: written(
        group.reduce((sum, { effect }) => sum + effect, 0n),
        currency,
      ),
    }));
  });
}

/** What a reader must know beside the figures. */
function notesOf({ accounts, totals, asOf, booksKnown, verdict, items }: AccountProof): string[] {
  const silent = accounts.filter(({ balance }) => !balance.stated);
  const behind = accounts.filter(({ balance }) => balance.stated && balance.stated.on < asOf);
  const held = items.filter(({ kind }) => kind === 'LINE_HELD').length;
  return [
    ...(verdict === 'UNPROVEN'
      ? totals
          .filter(({ remainder }) => remainder !== 0n)
          .map(({ remainder, currency }) => {
            const { amount } = written(remainder, currency);
            return `UNPROVEN: the listed items do not explain ${amount} ${currency}.`;
          })
      : []),
    ...silent.map(
      ({ name }) =>
        `The bank has stated no balance of ${name} at or before ${asOf}; its lines prove nothing alone.`,
    ),
    ...behind.map(
      ({ name, balance }) =>
        `The last balance that the bank has stated of ${name} is that of ${balance.stated?.on ?? ''}; lines after it are added.`,
    ),
    ...accounts
      .filter(({ balance }) => balance.stated?.statement.held)
      .map(({ name }) => `The last statement of ${name} is held back: it does not add up or does not go on.`),
    ...items
      .filter(({ kind }) => kind === 'OPENING_DIFFERS')
      .map(({ effect, currency }) => {
        const { amount } = written(effect, currency);
        return `The books did not begin where the bank did: they part by ${amount} ${currency}; post the opening balance.`;
      }),
    ...(held > 0 ? [`${held} lines are of statements that are held back.`] : []),
    ...(accounts.length > 1
      ? [
          `${accounts.map(({ name }) => name).join(', ')} share one account of the ledger and are proven together.`,
        ]
      : []),
    ...(booksKnown
      ? []
      : ['The entries of the account are still being brought here; ask again in a moment.']),
  ];
}
