import { parseArgs } from 'node:util';
import { evaluateCapture } from './capture.ts';
import { evaluateClassification } from './classification.ts';
import { evaluateForecast } from './forecast.ts';
import { evaluateFormats } from './formats.ts';
import { evaluateFuzz } from './fuzz.ts';
import { evaluateReconciliation } from './reconciliation.ts';

const usage = `npm run evaluate -- WHAT, the product's own code over data of yours, as lines of JSON

  formats FOLDER [--currency EUR]         every file as a bank statement, held against its own marks and the decoded
                                          files beside it; the currency is that of files that name none
  fuzz FOLDER [--cases N] [--seed N] [--first N]
                                          damaged copies of the statements, each read in a process of 64 MB
  capture FOLDER                          every file as a document, held against the .json beside it
  reconciliation FOLDER --out FILE.jsonl  bank.jsonl against items.jsonl; the matches go to the file
  forecast FILE.csv [--by COLUMN]         payments as they came, forecast as they would have been
  classification FILE.csv                 every row to an account, held against its column "expected"
`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      by: { type: 'string' },
      currency: { type: 'string' },
      cases: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      first: { type: 'string', default: '0' },
    },
  });
  const [what, path] = positionals;
  if (path === undefined) throw new Error(usage);
  if (what === 'formats') {
    const { total } = await evaluateFormats(path, print, values.currency);
    if (total.disagreeing > 0) process.exitCode = 1;
  } else if (what === 'fuzz') {
    const [cases, seed, first] = [values.cases, values.seed, values.first].map(Number);
    if (![cases, seed, first].every((number) => Number.isSafeInteger(number))) throw new Error(usage);
    const settings = { folder: path, cases: cases ?? 0, seed: seed ?? 0, first: first ?? 0 };
    const { failures } = await evaluateFuzz(settings, print);
    if (failures > 0) process.exitCode = 1;
  } else if (what === 'capture') await evaluateCapture(path, print);
  else if (what === 'forecast') await evaluateForecast(path, values.by, print);
  else if (what === 'classification') await evaluateClassification(path, print);
  else if (what === 'reconciliation' && values.out) await evaluateReconciliation(path, values.out, print);
  else throw new Error(usage);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
