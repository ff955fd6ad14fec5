import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Actor } from '#kernel/actor';
import { calendarDate } from '#kernel/calendar';
import { command } from '#kernel/command';
import { resultOf } from '#kernel/command-door';
import { newId } from '#kernel/ids';
import type { JobContext, Subgraph } from '#kernel/subgraph';
import { connectSystem } from '../../subgraphs/sync/connect-system.ts';
import { drainConnection } from '../../subgraphs/sync/drain-connection.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** A connection as the API shows it. */
export interface ShownConnection {
  readonly id: string;
  readonly status: string;
  readonly target: string;
  readonly pending: number;
  readonly pushed: number;
  readonly failed: number;
  readonly lastRun: {
    readonly status: string;
    readonly total: number;
    readonly pushed: number;
    readonly skipped: number;
    readonly failed: number;
    readonly problem: string | null;
  };
}

/** The sync subgraph with stand-ins for those whose events it follows. */
export interface SyncBench {
  readonly bench: Workbench;
  /** What the background work gets, for doing by hand what it does. */
  readonly context: JobContext;
  readonly organisationId: string;
  openBook(): Promise<string>;
  /** Posts an entry with a debit of 12.34 and a credit, the same unless told. */
  post(bookId: string, creditMinor?: string): Promise<string>;
  connect(bookId: string, name?: string): Promise<string>;
  show(connectionId: string, actor?: Actor): Promise<ShownConnection>;
  drain(connectionId: string): Promise<void>;
  /** The connections the sweep would wake. */
  due(): Promise<string[]>;
}

/** Stands in for access and the ledger: raises what opens a book and posts an entry. */
const raise = command({
  name: 'raise',
  description: 'Raises an event of another subgraph.',
  scope: 'transactions:write',
  input: z.object({
    type: z.enum(['book.opened', 'journalEntry.posted']),
    subjectId: z.string(),
    bookId: z.string(),
    facts: z.any(),
  }),
  async run(transaction, event) {
    transaction.emit(event as Parameters<typeof transaction.emit>[0]);
    return {};
  },
});

/** Opens a bench for the sync subgraph; given without jobs it pushes only when a test says so. */
export async function openSyncBench(sync: Subgraph): Promise<SyncBench> {
  let context: JobContext | undefined;
  const background = (given: JobContext) => {
    context = given;
    return { stop: async () => undefined };
  };
  const bench = await openWorkbench([{ ...sync, background }]);
  if (!context) throw new Error('The subgraph did not start its background work');
  const jobContext = context;
  const { organisationId } = bench.actor();
  return {
    bench,
    context: jobContext,
    organisationId,
    async openBook() {
      const bookId = newId('bk');
      const facts = { name: 'Main', legalName: 'Main Ltd', country: 'GR', baseCurrency: 'EUR' };
      await bench.door('sync').run(raise, { type: 'book.opened', subjectId: bookId, bookId, facts });
      await bench.settle();
      return bookId;
    },
    async post(bookId, creditMinor = '1234') {
      const subjectId = newId('je');
      const facts = entryFacts(subjectId, creditMinor);
      await bench.door('sync').run(raise, { type: 'journalEntry.posted', subjectId, bookId, facts });
      return subjectId;
    },
    async connect(bookId, name = 'Ledger') {
      const input = { bookId, kind: 'HLEDGER_JOURNAL', name };
      return resultOf(await bench.door('sync').run(connectSystem, input)).connectionId;
    },
    async show(connectionId, actor = bench.actor()) {
      const data = await bench.query<{ connection: ShownConnection }>(
        'sync',
        `query ($id: ID!) { connection(id: $id) { id status target pending pushed failed
           lastRun { status total pushed skipped failed problem } } }`,
        { variables: { id: connectionId }, actor },
      );
      return data.connection;
    },
    drain: (connectionId) => drainConnection(jobContext, { organisationId, connectionId }),
    async due() {
      const answer = await jobContext.pool.query<{ connection_id: string }>(
        'select connection_id from sync.due_connections()',
      );
      return answer.rows.map((row) => row.connection_id);
    },
  };
}

/** The ids of the entries in a journal, in its order. */
export function entriesIn(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/; entry:(\w+)$/gm)].map((match) => match[1] ?? '');
}

function entryFacts(id: string, creditMinor: string) {
  const line = (accountCode: string, side: string, minor: string) => ({
    accountCode,
    accountName: 'Some: account',
    side,
    money: { minor, currency: 'EUR' },
  });
  return {
    number: `JE-${id.slice(-4)}`,
    kind: 'MANUAL',
    postedOn: calendarDate('2026-05-04'),
    description: 'Invoice 7',
    lines: [line('6000', 'DEBIT', '1234'), line('2000', 'CREDIT', creditMinor)],
  };
}
