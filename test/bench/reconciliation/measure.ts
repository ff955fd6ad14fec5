import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { matchLines } from '../../../subgraphs/reconciliation/matching/match.ts';
import { predictionsOf, RowReader } from './crossfoot-matcher.ts';
import type { BankRow, ItemRow } from './rows.ts';

/** What one run of the matcher in a process of its own cost. */
export interface Measured {
  readonly lines: number;
  readonly items: number;
  readonly matches: number;
  readonly seconds: number;
  /** Processor time of the whole process while it matched. */
  readonly processorSeconds: number;
  /** Processor time of the one thread that matches, which a busy machine disturbs less. */
  readonly threadSeconds: number;
  /** The most memory the process ever held, reading the book included. */
  readonly peakMegabytes: number;
  /** What the book took before matching began. */
  readonly inputMegabytes: number;
}

async function readRows<Row, Value>(file: string, convert: (row: Row) => Value): Promise<Value[]> {
  const values: Value[] = [];
  for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    if (text !== '') values.push(convert(JSON.parse(text) as Row));
  }
  return values;
}

async function measure(folder: string, out: string | undefined): Promise<Measured> {
  const reader = new RowReader();
  const lines = await readRows<BankRow, ReturnType<RowReader['line']>>(join(folder, 'bank.jsonl'), (row) =>
    reader.line(row),
  );
  const items = await readRows<ItemRow, ReturnType<RowReader['item']>>(join(folder, 'items.jsonl'), (row) =>
    reader.item(row),
  );
  const inputMegabytes = Math.round(process.memoryUsage.rss() / 2 ** 20);
  const began = performance.now();
  const [cpu, all] = [process.threadCpuUsage(), process.cpuUsage()];
  const result = matchLines(lines, items);
  const [used, whole] = [process.threadCpuUsage(cpu), process.cpuUsage(all)];
  const seconds = (performance.now() - began) / 1000;
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  if (out !== undefined) {
    const stream = createWriteStream(out);
    for (const row of predictionsOf(result)) {
      if (!stream.write(`${JSON.stringify(row)}\n`)) await once(stream, 'drain');
    }
    stream.end();
    await once(stream, 'finish');
  }
  return {
    lines: lines.length,
    items: items.length,
    matches: result.matches.length,
    seconds,
    processorSeconds: (whole.user + whole.system) / 1e6,
    threadSeconds: (used.user + used.system) / 1e6,
    peakMegabytes,
    inputMegabytes,
  };
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });
const [folder] = positionals;
if (folder === undefined) throw new Error('usage: measure.ts FOLDER [--out PREDICTIONS.jsonl]');
process.stdout.write(`${JSON.stringify(await measure(folder, values.out))}\n`);
