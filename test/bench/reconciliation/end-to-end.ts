import pg from 'pg';
import { z } from 'zod';
import { systemActor } from '#kernel/actor';
import { command } from '#kernel/command';
import { createCommandDoor, resultOf, type CommandDoor } from '#kernel/command-door';
import { createPool } from '#kernel/database';
import { newId } from '#kernel/ids';
import { formatMoney, money } from '#kernel/money';
import { keyItems } from '../../../subgraphs/reconciliation/matches/key-items.ts';
import { continueMatching, startMatching } from '../../../subgraphs/reconciliation/matches/matching-runs.ts';
import { importBankStatement } from '../../../subgraphs/reconciliation/statements/import-bank-statement.ts';
import { openBankAccount } from '../../../subgraphs/reconciliation/statements/open-bank-account.ts';
import { benchActor } from '../bench-book.ts';
import { openBenchInstallation, type BenchInstallation } from '../bench-installation.ts';
import { blocks } from '../import-file.ts';
import { throwIfInterrupted } from '../rounds.ts';
import { matchRows } from './crossfoot-matcher.ts';
import { makeBook } from './make-book.ts';
import type { BankRow, ItemRow } from './rows.ts';

/** Lines of one file, and open items recorded at once. */
const chunk = 10_000;

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
    const files = await storeFiles(stand, book.lines);
    const importSeconds = await timed(() => importFiles(stand, files));
    const matchSeconds = await timed(() => match(stand));
    const stored = await outcomeOf(stand);
    const aloneSeconds = await timed(() => Promise.resolve(matchRows(book)));
    const seconds = importSeconds + matchSeconds;
    return {
      lines: book.lines.length,
      items: book.items.length,
      stored,
      seconds,
      importSeconds,
      matchSeconds,
      aloneSeconds,
      ratio: seconds / aloneSeconds,
      microsecondsPerLine: (seconds * 1e6) / book.lines.length,
    };
  } finally {
    await pool.end();
    await installation.close();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  throwIfInterrupted();
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Puts open items into the book as reactions to journal entries would, many at once; they are not what is measured. */
async function recordItems({ door, bookId }: Stand, items: readonly ItemRow[]): Promise<void> {
  const rows = items.map((item) => ({
    id: newId('oi'),
    journal_entry_id: newId('je'),
    kind: item.amount < 0 ? 'PAYABLE' : 'RECEIVABLE',
    label: item.ref,
    reference: item.ref,
    payment_reference: item.structured,
    counterparty_name: item.party_name,
    account: item.party_iban,
    issued_on: item.date,
    due_on: item.due,
    minor: item.amount,
    currency: item.currency,
    vendor_id: item.party,
  }));
  const record = command({
    name: 'benchRecordItems',
    description: 'Records open items of the bench.',
    scope: 'reconciliation:write',
    input: z.object({ from: z.int() }),
    async run(transaction, { from }) {
      const some = rows.slice(from, from + chunk).map(({ account, ...row }) => ({
        ...row,
        accounts:
          account === null
            ? []
            : [transaction.services.vault.blindIndex(account, transaction.organisationId)],
      }));
      await transaction.query(
        `insert into reconciliation.open_item (organisation_id, id, book_id, journal_entry_id, kind, label, reference,
           payment_reference, counterparty_name, counterparty_accounts, issued_on, due_on, minor, open_minor, currency,
           control_account_code, vendor_id)
         select $1, id, $2, journal_entry_id, kind, label, reference, payment_reference, counterparty_name,
                array(select jsonb_array_elements_text(accounts)), issued_on, due_on, minor, minor, currency, '1400', vendor_id
           from jsonb_to_recordset($3) as r (id text, journal_entry_id text, kind text, label text, reference text,
             payment_reference text, counterparty_name text, accounts jsonb, issued_on date, due_on date, minor bigint,
             currency text, vendor_id text)`,
        [transaction.organisationId, bookId, JSON.stringify(some)],
      );
      await keyItems(transaction, bookId);
      return { recorded: some.length };
    },
  });
  for (let from = 0; from < rows.length; from += chunk) {
    resultOf(await door.run(record, { from }, { actor: benchActor }));
  }
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function* csvLines(lines: readonly BankRow[]): Generator<string> {
  yield 'Booked;Value;Amount;Currency;Name;Account;Reference;Text\n';
  for (const line of lines) {
    const amount = formatMoney(money(BigInt(line.amount), line.currency));
    const [name, text, reference] = [line.name, line.text, line.e2e ?? ''].map(quoted);
    yield `${line.date};${line.value_date};${amount};${line.currency};${name};${line.iban ?? ''};${reference};${text}\n`;
  }
}

async function storeFiles({ installation }: Stand, lines: readonly BankRow[]): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < lines.length; from += chunk) {
    const content = blocks(csvLines(lines.slice(from, from + chunk)));
    const name = `statement-${from}.csv`;
    const file = await installation.services.files.put(benchActor.organisationId, content, {
      name,
      mediaType: 'text/csv',
    });
    ids.push(file.id);
  }
  return ids;
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
