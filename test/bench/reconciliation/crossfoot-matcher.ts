import type { CalendarDate } from '#kernel/calendar';
import { matchLines } from '../../../subgraphs/reconciliation/matching/match.ts';
import type { MatchItem, MatchLine, MatchResult } from '../../../subgraphs/reconciliation/matching/model.ts';
import type { BankRow, ItemRow, PredictionRow } from './rows.ts';

/** Reads rows into what the matcher takes, each text that many rows share kept once. */
export class RowReader {
  readonly #texts = new Map<string, string>();
  readonly #accounts = new Map<string, readonly string[]>();

  /** A bank line. */
  line(row: BankRow): MatchLine {
    return {
      id: row.id,
      bookedOn: this.#text(row.date) as CalendarDate,
      amount: { minor: BigInt(row.amount), currency: this.#text(row.currency) },
      counterpartyName: row.name === '' ? undefined : this.#text(row.name),
      counterpartyAccount: row.iban === null ? undefined : this.#text(row.iban),
      references: row.e2e === null ? none : [row.e2e],
      text: row.text,
      reversal: row.code === 'RRTN',
    };
  }

  /** An open item. */
  item(row: ItemRow): MatchItem {
    const group = row.payout ?? row.batch;
    return {
      id: row.id,
      kind: row.amount < 0 ? 'payable' : 'receivable',
      issuedOn: this.#text(row.date) as CalendarDate,
      dueOn: this.#text(row.due) as CalendarDate,
      open: { minor: BigInt(row.amount), currency: this.#text(row.currency) },
      reference: row.ref,
      paymentReference: row.structured ?? undefined,
      groupReference: group === null ? undefined : this.#text(group),
      through: row.kind === 'card_sale' ? 'processor' : undefined,
      counterpartyName: this.#text(row.party_name),
      counterpartyAccounts: row.party_iban === null ? none : this.#accountsOf(row.party_iban),
      partyId: this.#text(row.party),
    };
  }

  #text(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }

  #accountsOf(iban: string): readonly string[] {
    let known = this.#accounts.get(iban);
    if (known === undefined) this.#accounts.set(iban, (known = [this.#text(iban)]));
    return known;
  }
}

const none: readonly string[] = [];

/** What the matcher found, as predictions. */
export function predictionsOf({ matches }: MatchResult): PredictionRow[] {
  return matches.map((match) => ({
    bank: match.lineIds,
    items: match.items.map(({ id, applied }) => ({ id, applied: Number(applied.minor) })),
    confidence: match.confidence / 10_000,
    automatic: match.automatic,
  }));
}

/** Matches rows with the product's matcher. */
export function matchRows(book: {
  readonly lines: readonly BankRow[];
  readonly items: readonly ItemRow[];
}): PredictionRow[] {
  const reader = new RowReader();
  return predictionsOf(
    matchLines(
      book.lines.map((row) => reader.line(row)),
      book.items.map((row) => reader.item(row)),
    ),
  );
}
