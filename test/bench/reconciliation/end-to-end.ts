import pg from 'pg';
import { systemActor } from '#kernel/actor';
import { createCommandDoor, resultOf, type CommandDoor } from '#kernel/command-door';
import { createPool } from '#kernel/database';
import { newId } from '#kernel/ids';
import { continueMatching, startMatching } from '../../../subgraphs/reconciliation/matches/matching-runs.ts';
import { importBankStatement } from '../../../subgraphs/reconciliation/statements/import-bank-statement.ts';
import { openBankAccount } from '../../../subgraphs/reconciliation/statements/open-bank-account.ts';
import { benchActor } from '../bench-book.ts';
import { openBenchInstallation, type BenchInstallation } from '../bench-installation.ts';
import { throwIfInterrupted } from '../rounds.ts';
import { matchRows } from './crossfoot-matcher.ts';
import { makeBook } from './make-book.ts';
import { recordItems } from './record-items.ts';
import { storeFiles } from './statement-files.ts';

interface Stand {
  readonly installation: BenchInstallation;
  readonly door: CommandDoor;
  readonly bookId: string;
  readonly bankAccountId: string;
}

/** From statement files into matches that are stored, over PostgreSQL, against the matcher alone over the same book. */
export async function measureEndToEnd(count: number): Promise<object> {
  const book = makeBook({ seed: 1, lines: count, profile: 'medium', dialect: 'rhine' });
  const installation = await openBenchInstallation();
  const pool = createPool(installation.database, 'reconciliation', 4);
  try {
    const door = createCommandDoor({ pool, services: installation.services, committed: () => undefined });
    const bookId = newId('bk');
    const account = { bookId, name: 'Main', iban: 'DE89370400440532013000', currency: 'EUR' };
    const opened = resultOf(
      await door.run(openBankAccount, { ...account, ledgerAccountCode: '1200' }, { actor: benchActor }),
    );
    const stand = { installation, door, bookId, bankAccountId: opened.bankAccountId };
    await recordItems(stand, book.items);
    const files = await storeFiles(installation.services, book.lines);
    const imported = await timed(() => importFiles(stand, files));
    const matched = await timed(() => match(stand));
    const stored = await outcomeOf(stand);
    const alone = await timed(() => Promise.resolve(matchRows(book)));
    const seconds = imported.seconds + matched.seconds;
    return {
      lines: book.lines.length,
      items: book.items.length,
      stored,
      seconds,
      imported,
      matched,
      alone,
      ratio: seconds / alone.seconds,
      microsecondsPerLine: (seconds * 1e6) / book.lines.length,
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  } finally {
    await pool.end();
    await installation.close();
  }
}

interface Cost {
  readonly seconds: number;
  /** Processor time of this process, without that of PostgreSQL. */
  readonly processorSeconds: number;
}

async function timed(work: () => Promise<unknown>): Promise<Cost> {
  throwIfInterrupted();
  const began = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - began) / 1000, processorSeconds: (user + system) / 1e6 };
}

async function importFiles({ door, bookId, bankAccountId }: Stand, files: readonly string[]): Promise<void> {
  const csvMapping = {
    bookedOn: 'Booked',
    valueOn: 'Value',
    amount: 'Amount',
    currencyColumn: 'Currency',
    counterpartyName: 'Name',
    counterpartyAccount: 'Account',
    reference: 'Reference',
    remittance: 'Text',
    delimiter: ';',
    decimalSeparator: '.',
    dateFormat: 'YYYY-MM-DD',
  };
  for (const fileId of files) {
    const input = { bookId, bankAccountId, fileId, csvMapping };
    resultOf(await door.run(importBankStatement, input, { actor: benchActor }));
  }
}

/** As the job in the background does: step by step until nothing is left to look at. */
async function match({ door, bookId }: Stand): Promise<void> {
  const actor = systemActor('reconciliation', benchActor.organisationId);
  const { runId } = resultOf(await door.run(startMatching, { bookId }, { actor }));
  for (;;) {
    throwIfInterrupted();
    if (resultOf(await door.run(continueMatching, { runId, last: false }, { actor })).finished) return;
  }
}

/** What became of the lines, as the database has it. */
async function outcomeOf({ installation, bookId }: Stand): Promise<Record<string, number>> {
  const owner = new pg.Client({ connectionString: installation.database.ownerUrl });
  await owner.connect();
  try {
    const { rows } = await owner.query<{ status: string; count: string }>(
      'select status, count(*) from reconciliation.statement_line where book_id = $1 group by status order by status',
      [bookId],
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
  } finally {
    await owner.end();
  }
}
