import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { calendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import { matchLines } from '../../subgraphs/reconciliation/matching/match.ts';
import type { MatchItem, MatchLine } from '../../subgraphs/reconciliation/matching/model.ts';

interface BankRow {
  id: string;
  date: string;
  amount: number;
  currency: string;
  name: string;
  iban: string | null;
  text: string;
  e2e: string | null;
  code: string;
}

interface ItemRow {
  id: string;
  kind: string;
  ref: string;
  structured: string | null;
  party: string;
  party_name: string;
  party_iban: string | null;
  date: string;
  due: string;
  currency: string;
  amount: number;
  payout?: string | null;
  batch?: string | null;
}

async function readRows<Row, Value>(file: string, convert: (row: Row) => Value): Promise<Value[]> {
  const values: Value[] = [];
  const input = createReadStream(file, 'utf8');
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    if (text !== '') values.push(convert(JSON.parse(text) as Row));
  }
  return values;
}

function toLine(row: BankRow): MatchLine {
  return {
    id: row.id,
    bookedOn: calendarDate(row.date),
    amount: money(BigInt(row.amount), row.currency),
    counterpartyName: row.name || undefined,
    counterpartyAccount: row.iban ?? undefined,
    references: row.e2e === null ? [] : [row.e2e],
    text: row.text,
    reversal: row.code === 'RRTN',
  };
}

function toItem(row: ItemRow): MatchItem {
  return {
    id: row.id,
    kind: row.amount < 0 ? 'payable' : 'receivable',
    issuedOn: calendarDate(row.date),
    dueOn: calendarDate(row.due),
    open: money(BigInt(row.amount), row.currency),
    reference: row.ref,
    paymentReference: row.structured ?? undefined,
    groupReference: row.payout ?? row.batch ?? undefined,
    through: row.kind === 'card_sale' ? 'processor' : undefined,
    counterpartyName: row.party_name,
    counterpartyAccounts: row.party_iban === null ? [] : [row.party_iban],
    partyId: row.party,
  };
}

/**
 * Runs the matcher over a folder with `bank.jsonl` and `items.jsonl`, writes one prediction a line to the file
 * `{"bank": [...], "items": [{"id", "applied"}], "confidence"}` (applied in minor units) and prints one summary line.
 * The folder's `truth.jsonl` is never opened.
 */
export async function evaluateReconciliation(
  folder: string,
  outFile: string,
  print: (line: string) => void,
): Promise<void> {
  const lines = await readRows<BankRow, MatchLine>(join(folder, 'bank.jsonl'), toLine);
  const items = await readRows<ItemRow, MatchItem>(join(folder, 'items.jsonl'), toItem);
  const started = performance.now();
  const { matches, unmatched } = matchLines(lines, items);
  const milliseconds = Math.round(performance.now() - started);
  const predictions = matches.map((match) =>
    JSON.stringify({
      bank: match.lineIds,
      items: match.items.map(({ id, applied }) => ({ id, applied: Number(applied.minor) })),
      confidence: match.confidence / 10_000,
      method: match.method,
      automatic: match.automatic,
    }),
  );
  await writeFile(outFile, predictions.map((text) => `${text}\n`).join(''));
  const reasons: Record<string, number> = {};
  for (const { reason } of unmatched) reasons[reason] = (reasons[reason] ?? 0) + 1;
  const methods: Record<string, number> = {};
  for (const { method, lineIds } of matches) methods[method] = (methods[method] ?? 0) + lineIds.length;
  const automatic = matches
    .filter((match) => match.automatic)
    .reduce((sum, match) => sum + match.lineIds.length, 0);
  print(
    JSON.stringify({
      lines: lines.length,
      items: items.length,
      matchedLines: lines.length - unmatched.length,
      automaticLines: automatic,
      methods,
      unmatched: reasons,
      milliseconds,
    }),
  );
}
