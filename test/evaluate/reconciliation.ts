import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { matchLines } from '../../subgraphs/reconciliation/matching/match.ts';
import { RowReader } from '../bench/reconciliation/crossfoot-matcher.ts';
import type { BankRow, ItemRow } from '../bench/reconciliation/rows.ts';

async function readRows<Row, Value>(file: string, convert: (row: Row) => Value): Promise<Value[]> {
  const values: Value[] = [];
  const input = createReadStream(file, 'utf8');
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    if (text !== '') values.push(convert(JSON.parse(text) as Row));
  }
  return values;
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
  const reader = new RowReader();
  const lines = await readRows(join(folder, 'bank.jsonl'), (row: BankRow) => reader.line(row));
  const items = await readRows(join(folder, 'items.jsonl'), (row: ItemRow) => reader.item(row));
  const [started, before] = [performance.now(), process.threadCpuUsage()];
  const { matches, unmatched } = matchLines(lines, items);
  const milliseconds = Math.round(performance.now() - started);
  const { user, system } = process.threadCpuUsage(before);
  const processorMilliseconds = Math.round((user + system) / 1000);
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
      processorMilliseconds,
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  );
}
