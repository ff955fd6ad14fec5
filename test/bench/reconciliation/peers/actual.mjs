// Actual's importer over a benchmark book: the items are transactions of an account, the bank lines are imported into it,
// and a line that takes over a transaction is a match. usage: actual.mjs FOLDER PREDICTIONS.jsonl
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as actual from '@actual-app/api';

const [folder, out] = process.argv.slice(2);
const rows = (name) =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text));
const lines = rows('bank.jsonl');
const items = rows('items.jsonl');
const dataDir = mkdtempSync(join(tmpdir(), 'crossfoot-actual-'));
// The importer tells of its work on the standard output, where the figures go.
console.log = console.info = console.warn = () => undefined;
try {
  await actual.init({ dataDir });
  let account;
  await actual.runImport('bench', async () => {
    account = await actual.createAccount({ name: 'main', offbudget: false }, 0);
    await actual.addTransactions(
      account,
      items.map((item) => ({
        date: item.date,
        amount: item.amount,
        payee_name: item.party_name,
        notes: `${item.id} ${item.ref}`,
        cleared: false,
      })),
      { learnCategories: false, runTransfers: false },
    );
  });
  const began = performance.now();
  const cpu = process.cpuUsage();
  const { updated } = await actual.importTransactions(
    account,
    lines.map((line) => ({
      date: line.date,
      amount: line.amount,
      payee_name: line.name || undefined,
      imported_payee: line.name || undefined,
      notes: line.text || undefined,
      imported_id: line.id,
      cleared: true,
    })),
  );
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(cpu);
  const known = new Set(updated);
  const ends = items
    .map(({ date }) => date)
    .concat(lines.map(({ date }) => date))
    .sort((a, b) => a.localeCompare(b));
  const after = await actual.getTransactions(account, ends[0], ends.at(-1));
  // The importer keeps the notes of the transaction it takes over, so they still say which item it was.
  const predictions = after
    .filter((one) => known.has(one.id) && one.imported_id && /^I\w+ /.test(one.notes ?? ''))
    .map((one) => {
      const item = one.notes.split(' ')[0];
      return {
        bank: [one.imported_id],
        items: [{ id: item, applied: one.amount }],
        confidence: 1,
        automatic: true,
      };
    });
  writeFileSync(out, predictions.map((row) => `${JSON.stringify(row)}\n`).join(''));
  process.stdout.write(
    `${JSON.stringify({ lines: lines.length, items: items.length, matches: predictions.length, seconds, processorSeconds: (used.user + used.system) / 1e6, peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`,
  );
  await actual.shutdown();
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
