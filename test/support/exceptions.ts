import { newId } from '#kernel/ids';
import { expect } from 'vitest';
import { openBankAccount } from '../../subgraphs/reconciliation/statements/open-bank-account.ts';
import { importText, linesOf, mt940, postItem, type ShownLine } from './reconciliation.ts';
import type { Workbench } from './workbench.ts';

let accounts = 0;

/** A line of a statement as tests of exceptions write it. */
export interface Movement {
  readonly day?: string;
  readonly amount: string;
  readonly name?: string;
  readonly text?: string;
}

/** A book with an account of its own and the lines of one statement, in the order of their days; items go first. */
export async function bookWith(
  bench: Workbench,
  movements: readonly Movement[],
  items: Parameters<typeof postItem>[2][] = [],
): Promise<{ bookId: string; account: string; lines: ShownLine[] }> {
  accounts += 1;
  const account = `37040044/${accounts.toString().padStart(10, '9')}`;
  const bookId = newId('bk');
  const opened = await bench.door('reconciliation').run(openBankAccount, {
    bookId,
    name: 'Current account',
    accountNumber: account,
    currency: 'EUR',
    ledgerAccountCode: '1200',
  });
  expect(opened.errors).toEqual([]);
  for (const item of items) await postItem(bench, bookId, item);
  await importLines(bench, { bookId, account, movements });
  return { bookId, account, lines: await linesOf(bench, bookId) };
}

/** Imports a further statement of the account. */
export async function importLines(
  bench: Workbench,
  statement: {
    readonly bookId: string;
    readonly account: string;
    readonly movements: readonly Movement[];
    readonly number?: string;
    readonly opening?: string;
  },
): Promise<void> {
  const { bookId, account, movements, number, opening } = statement;
  const lines = movements.map((one) => ({ day: '260302', ...one }));
  const outcome = await importText(bench, { bookId, text: mt940({ account, lines, number, opening }) });
  expect(outcome.errors).toEqual([]);
}

/** An exception as the API shows it to these tests. */
export interface ShownException {
  readonly id: string;
  readonly reason: string;
  readonly severity: string;
  readonly status: string;
  readonly owner: { readonly id: string } | null;
  readonly detail: string;
  readonly dueAt: string;
  readonly overdue: boolean;
  readonly escalatedAt: string | null;
  readonly escalatedTo: { readonly id: string } | null;
  readonly askedAt: string | null;
  readonly followUpOn: string | null;
  readonly resolution: string | null;
  readonly appliedProposal: string | null;
  readonly sameAs: number;
  readonly knowledgeNote: string | null;
  readonly assignmentRule: { readonly name: string } | null;
  readonly line: { readonly id: string; readonly status: string } | null;
  readonly comments: readonly { readonly kind: string; readonly text: string; readonly authorName: string }[];
  readonly evidence: {
    readonly difference: { readonly amount: string } | null;
    readonly candidates: readonly { readonly label: string; readonly reason: string }[];
    readonly relatedLines: readonly { readonly id: string }[];
  };
  readonly proposals: readonly {
    readonly id: string;
    readonly kind: string;
    readonly label: string;
    readonly accountCode: string | null;
    readonly items: readonly { readonly applied: { readonly amount: string } }[];
    readonly message: string | null;
    readonly followUpOn: string | null;
    readonly rule: { readonly backTest: { readonly right: number; readonly wrong: number } } | null;
  }[];
}

const fields = `id reason severity status owner { id } detail dueAt overdue escalatedAt escalatedTo { id } askedAt
  followUpOn resolution appliedProposal sameAs knowledgeNote assignmentRule { name } line { id status }
  comments { kind text authorName }
  evidence { difference { amount } candidates { label reason } relatedLines { id } }
  proposals { id kind label accountCode items { applied { amount } } message followUpOn
    rule { backTest { right wrong } } }`;

/** The exceptions of a book, the newest first; `filter` holds further arguments of the list. */
export async function exceptionsOf(bench: Workbench, bookId: string, filter = ''): Promise<ShownException[]> {
  const data = await bench.query<{ exceptions: { edges: { node: ShownException }[] } }>(
    'reconciliation',
    `query ($bookId: ID!) { exceptions(bookId: $bookId ${filter}) { edges { node { ${fields} } } } }`,
    { variables: { bookId } },
  );
  return data.exceptions.edges.map((edge) => edge.node);
}
