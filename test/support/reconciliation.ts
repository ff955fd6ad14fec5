import { compactNumber } from '#kernel/account-number';
import { expect } from 'vitest';
import { z } from 'zod';
import type { Actor } from '#kernel/actor';
import { command } from '#kernel/command';
import type { DomainEvent, EventFacts, EventType } from '#kernel/events';
import { newId } from '#kernel/ids';
import { formatMoney, parseMoney, sum } from '#kernel/money';
import { upload } from './upload.ts';
import type { Workbench } from './workbench.ts';
import { importBankStatement } from '../../subgraphs/reconciliation/statements/import-bank-statement.ts';
import { openBankAccount } from '../../subgraphs/reconciliation/statements/open-bank-account.ts';

/** The account most tests are about, as its bank writes it. */
export const iban = 'DE89370400440532013000';

interface LineText {
  /** YYMMDD. */
  readonly day: string;
  readonly amount: string;
  readonly name?: string;
  readonly text?: string;
  readonly bankReference?: string;
  /** The account of the other side. */
  readonly account?: string;
}

interface StatementText {
  readonly number?: string;
  readonly account?: string;
  readonly opening?: string;
  /** What the bank says; the sum unless given. */
  readonly closing?: string;
  readonly lines: readonly LineText[];
}

const balance = (tag: string, day: string, amount: string) =>
  `:${tag}:${amount.startsWith('-') ? 'D' : 'C'}${day}EUR${amount.replace('-', '').replace('.', ',')}`;

/** An MT940 statement in EUR; days and balances follow from the lines. */
export function mt940(statement: StatementText): string {
  const { lines, opening = '0.00' } = statement;
  const amounts = [opening, ...lines.map((line) => line.amount)].map((amount) => parseMoney(amount, 'EUR'));
  const closing = statement.closing ?? formatMoney(sum('EUR', amounts));
  const first = lines[0]?.day ?? '260301';
  return [
    ':20:STARTUMS',
    `:25:${statement.account ?? iban}`,
    `:28C:${statement.number ?? '1'}/1`,
    balance('60F', first, opening),
    ...lines.flatMap((line) => [
      `:61:${line.day}${line.day.slice(2)}${line.amount.startsWith('-') ? 'D' : 'C'}` +
        `${line.amount.replace('-', '').replace('.', ',')}NTRFNONREF` +
        (line.bankReference ? `//${line.bankReference}` : ''),
      `:86:166?00TRANSFER?20${line.text ?? ''}${line.account ? `?31${line.account}` : ''}?32${line.name ?? ''}`,
    ]),
    balance('62F', lines.at(-1)?.day ?? first, closing),
    '-',
    '',
  ].join('\r\n');
}

/** Opens an account in a new book; answers both ids. */
export async function openAccount(
  bench: Workbench,
  options: { actor?: Actor; bookId?: string; iban?: string; ledgerAccountCode?: string } = {},
): Promise<{ bookId: string; bankAccountId: string }> {
  const bookId = options.bookId ?? newId('bk');
  const outcome = await bench.door('reconciliation').run(
    openBankAccount,
    {
      bookId,
      name: 'Current account',
      iban: options.iban ?? iban,
      currency: 'EUR',
      ledgerAccountCode: options.ledgerAccountCode ?? '1200',
    },
    { actor: options.actor },
  );
  expect(outcome.errors).toEqual([]);
  return { bookId, bankAccountId: outcome.result?.bankAccountId ?? '' };
}

interface ImportFields {
  readonly bookId: string;
  readonly text: string;
  readonly name?: string;
  readonly actor?: Actor;
  readonly bankAccountId?: string;
  readonly csvMapping?: Record<string, string>;
  readonly dayFirst?: boolean;
}

/** Imports a file of statements into a book and waits until everything has followed. */
export async function importText(bench: Workbench, { text, actor, name, ...input }: ImportFields) {
  const fileId = await upload(bench, text, { actor, name });
  const outcome = await bench
    .door('reconciliation')
    .run(importBankStatement, { ...input, fileId }, { actor });
  await bench.settle();
  return outcome;
}

/** What the ledger would say, said by the test. */
const tell = command({
  name: 'tell',
  description: 'Raises an event of the ledger.',
  scope: 'reconciliation:read',
  input: z.object({ type: z.string(), subjectId: z.string(), bookId: z.string(), facts: z.looseObject({}) }),
  async run(transaction, { type, subjectId, bookId, facts }) {
    transaction.emit({ type: type as 'draft.posted', subjectId, bookId, facts: facts as never });
    return { subjectId };
  },
});

/** Raises an event as the ledger would and waits until everything has followed. */
export async function ledgerSays<T extends EventType>(
  bench: Workbench,
  event: { type: T; subjectId: string; bookId: string; facts: EventFacts[T] },
): Promise<void> {
  const outcome = await bench.door('reconciliation').run(tell, event);
  expect(outcome.errors).toEqual([]);
  await bench.settle();
}

interface ItemFields {
  readonly amount: string;
  readonly reference?: string;
  readonly name?: string;
  readonly postedOn?: string;
  readonly accounts?: readonly string[];
  readonly vendorId?: string;
}

/** The ledger posts an invoice of ours or of a supplier; the sign of the amount says which. Answers the entry's id. */
export async function postItem(bench: Workbench, bookId: string, item: ItemFields): Promise<string> {
  const journalEntryId = newId('je');
  const { minor } = parseMoney(item.amount, 'EUR');
  const payable = minor < 0n;
  await ledgerSays(bench, {
    type: 'journalEntry.posted',
    subjectId: journalEntryId,
    bookId,
    facts: {
      number: 'JE-2026-000001',
      kind: 'DOCUMENT',
      postedOn: (item.postedOn ?? '2026-02-20') as never,
      description: item.reference ?? 'Invoice',
      lines: [],
      vendorId: item.vendorId,
      openItem: {
        kind: payable ? 'PAYABLE' : 'RECEIVABLE',
        money: { minor: String(minor), currency: 'EUR' },
        label: `${item.reference ?? 'Invoice'} of ${item.name ?? 'somebody'}`,
        reference: item.reference,
        counterpartyName: item.name,
        counterpartyAccounts: (item.accounts ?? []).map((account) =>
          bench.services.vault.blindIndex(compactNumber(account), bench.actor().organisationId),
        ),
        controlAccountCode: payable ? '3300' : '1400',
      },
    },
  });
  return journalEntryId;
}

/** The events of a book of one type, the oldest first. */
export async function eventsOf<T extends EventType>(
  bench: Workbench,
  bookId: string,
  type: T,
): Promise<DomainEvent<T>[]> {
  const all = await bench.events();
  return all.filter((event) => event.bookId === bookId && event.type === type) as unknown as DomainEvent<T>[];
}

/** A line as the API shows it, with its match and exception. */
export interface ShownLine {
  readonly id: string;
  readonly status: string;
  readonly remittance: string;
  readonly amount: { readonly amount: string };
  readonly match: ShownMatch | null;
  readonly exception: {
    readonly id: string;
    readonly reason: string;
    readonly status: string;
    readonly detail: string;
  } | null;
}

interface ShownMatch {
  readonly id: string;
  readonly status: string;
  readonly method: string;
  readonly automatic: boolean;
  readonly confidence: string;
  readonly items: readonly {
    applied: { amount: string };
    openItem: { id: string; open: { amount: string } };
  }[];
}

/** The lines of a book in the order of their days, as the API shows them. */
export async function linesOf(bench: Workbench, bookId: string, actor?: Actor): Promise<ShownLine[]> {
  const data = await bench.query<{ statementLines: { edges: { node: ShownLine }[] } }>(
    'reconciliation',
    `query ($bookId: ID!) { statementLines(bookId: $bookId, first: 500) { edges { node {
       id status remittance amount { amount }
       match { id status method automatic confidence items { applied { amount } openItem { id open { amount } } } }
       exception { id reason status detail } } } } }`,
    { actor, variables: { bookId } },
  );
  return data.statementLines.edges.map((edge) => edge.node).toReversed();
}

/** The open items of a book by their reference. */
export async function openItemsOf(
  bench: Workbench,
  bookId: string,
): Promise<Map<string, { id: string; open: string }>> {
  const data = await bench.query<{
    openItems: { edges: { node: { id: string; reference: string; open: { amount: string } } }[] };
  }>(
    'reconciliation',
    `query ($bookId: ID!) { openItems(bookId: $bookId, first: 500) { edges { node { id reference open { amount } } } } }`,
    { variables: { bookId } },
  );
  return new Map(
    data.openItems.edges.map(({ node }) => [node.reference, { id: node.id, open: node.open.amount }]),
  );
}
