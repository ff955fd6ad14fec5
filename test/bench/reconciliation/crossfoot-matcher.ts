import { calendarDate, type CalendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import { matchLines } from '../../../subgraphs/reconciliation/matching/match.ts';
import type { MatchItem, MatchLine, MatchResult } from '../../../subgraphs/reconciliation/matching/model.ts';
import type { BankRow, ItemRow, PredictionRow } from './rows.ts';

/**
 * Reads rows into what the matcher takes, each text that many rows share kept once. A date or currency that is none is a
 * CrossfootError.
 */
export class RowReader {
  readonly #texts = new Map<string, string>();
  readonly #dates = new Map<string, CalendarDate>();
  readonly #accounts = new Map<string, readonly string[]>();

  /** A bank line. */
  line(row: BankRow): MatchLine {
    return {
      id: row.id,
      bookedOn: this.#date(row.date),
      amount: money(BigInt(row.amount), this.#text(row.currency)),
      counterpartyName: row.name === '' ? undefined : this.#text(row.name),
      counterpartyAccount: row.iban === null ? undefined : this.#text(row.iban),
      references: row.e2e === null ? none : [row.e2e],
      text: row.text,
      reversal: row.code === 'RRTN',
    };
  }

  /** An open item. */
  item(row: ItemRow): MatchItem {
    const group = row.payout ?? row.batch ?? null;
    return {
      id: row.id,
      kind: row.amount < 0 ? 'payable' : 'receivable',
      issuedOn: this.#date(row.date),
      dueOn: this.#date(row.due),
      open: money(BigInt(row.amount), this.#text(row.currency)),
      reference: row.ref,
      paymentReference: row.structured ?? undefined,
      groupReference: group === null ? undefined : this.#text(group),
      through: row.kind === 'card_sale' ? 'processor' : undefined,
      counterpartyName: this.#text(row.party_name),
      counterpartyAccounts: row.party_iban === null ? none : this.#accountsOf(row.party_iban),
      partyId: this.#text(row.party),
    };
  }

  #date(text: string): CalendarDate {
    let date = this.#dates.get(text);
    if (date === undefined) this.#dates.set(text, (date = calendarDate(text)));
    return date;
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
