import type { ApiClient } from '../../demo/api-client.ts';
import { mutate, type Company } from './company.ts';
import { camtStatement, ublInvoice, type InvoicePaper, type Movement } from './papers.ts';
import { eventually } from './platform.ts';

/** The steps stories share, as a person would take them through the public API. */

/** Hands in an e-invoice and answers its document id. */
export async function submitInvoice(company: Company, paper: InvoicePaper): Promise<string> {
  const fileId = await company.submitter.upload(`${paper.number}.xml`, ublInvoice(paper));
  const { document } = await mutate<{ document: { id: string } }>(company.submitter, 'submitDocument', {
    input: { bookId: company.bookId, fileId },
    fields: 'document { id }',
  });
  return document.id;
}

/** A document with what became of it. */
export interface DocumentNow {
  readonly status: string;
  readonly draft: {
    readonly id: string;
    readonly approvalRequest: { readonly id: string; readonly status: string } | null;
  } | null;
  readonly journalEntry: { readonly id: string; readonly number: string } | null;
}

/** Looks at a document across three subgraphs. */
export async function documentNow(client: ApiClient, id: string): Promise<DocumentNow> {
  const answer = await client.run<{ document: DocumentNow }>(
    `query ($id: ID!) { document(id: $id) { status draft { id approvalRequest { id status } } journalEntry { id number } } }`,
    { id },
  );
  return answer.document;
}

/** Waits until a document waits for approval and answers the request's id. */
export function untilWaiting(company: Company, documentId: string): Promise<string> {
  return eventually(async () => {
    const now = await documentNow(company.owner, documentId);
    return now.draft?.approvalRequest?.status === 'PENDING' ? now.draft.approvalRequest.id : undefined;
  }) as Promise<string>;
}

/** Waits until a document is in the journal and answers the entry. */
export function untilPosted(company: Company, documentId: string): Promise<{ id: string; number: string }> {
  return eventually(async () => (await documentNow(company.owner, documentId)).journalEntry) as Promise<{
    id: string;
    number: string;
  }>;
}

/** Approves a request as the approver. */
export async function approve(company: Company, approvalRequestId: string): Promise<void> {
  await mutate(company.approver, 'decideApproval', {
    input: {
      approvalRequestId,
      verdict: 'APPROVE',
      comment: 'fine',
    },
  });
}

/** Hands in, approves if need be, and waits for the journal. */
export async function postInvoice(
  company: Company,
  paper: InvoicePaper,
): Promise<{ id: string; number: string }> {
  const documentId = await submitInvoice(company, paper);
  await eventually(async () => {
    const now = await documentNow(company.owner, documentId);
    const request = now.draft?.approvalRequest;
    if (request?.status === 'PENDING') await approve(company, request.id);
    return now.journalEntry;
  });
  return untilPosted(company, documentId);
}

/** What an import answered. */
export interface ImportAnswer {
  readonly statements: readonly {
    readonly id: string;
    readonly status: string;
    readonly lineCount: number;
  }[];
  readonly imported: number;
  readonly alreadyKnown: number;
}

/** Imports a camt.053 statement of the company's bank account. */
export async function importStatement(
  company: Company,
  movements: readonly Movement[],
  statement?: { id: string; opening?: number; closing?: number },
): Promise<ImportAnswer> {
  const fileId = await company.submitter.upload('statement.xml', camtStatement(movements, statement));
  return mutate<ImportAnswer>(company.submitter, 'importBankStatement', {
    input: { bookId: company.bookId, fileId },
    fields: 'statements { id status lineCount } imported alreadyKnown',
  });
}

/** A bank line as stories look at it. */
export interface LineNow {
  readonly id: string;
  readonly status: string;
  readonly remittance: string;
  readonly counterpartyName: string | null;
  readonly amount: { readonly amount: string; readonly currency: string };
  readonly match: {
    readonly method: string;
    readonly automatic: boolean;
    readonly confidence: string;
    readonly evidence: readonly { readonly signal: string; readonly detail: string }[];
    readonly items: readonly { readonly openItem: { readonly label: string } }[];
  } | null;
  readonly exception: { readonly id: string; readonly reason: string; readonly status: string } | null;
}

/** All bank lines of the company. */
export async function linesNow(company: Company): Promise<LineNow[]> {
  const answer = await company.owner.run<{ statementLines: { edges: { node: LineNow }[] } }>(
    `query ($bookId: ID!) { statementLines(bookId: $bookId, first: 200) { edges { node {
       id status remittance counterpartyName amount { amount currency }
       match { method automatic confidence evidence { signal detail } items { openItem { label } } }
       exception { id reason status } } } } }`,
    { bookId: company.bookId },
  );
  return answer.statementLines.edges.map((edge) => edge.node);
}

/** The trial balance, as account code and balance. */
export async function trialBalance(
  company: Company,
): Promise<{ balanced: boolean; balances: Record<string, string> }> {
  const answer = await company.owner.run<{
    trialBalance: {
      balanced: boolean;
      rows: { account: { code: string }; balance: { amount: string; currency: string } }[];
    };
  }>(
    `query ($bookId: ID!) { trialBalance(bookId: $bookId) { balanced rows { account { code } balance { amount currency } } } }`,
    { bookId: company.bookId },
  );
  const { balanced, rows } = answer.trialBalance;
  return {
    balanced,
    balances: Object.fromEntries(
      rows.map((row) => [`${row.account.code} ${row.balance.currency}`, row.balance.amount]),
    ),
  };
}
