import { Decimal } from '#kernel/decimal';
import type { LookUp } from '#kernel/expressions';
import { add, money, type Money } from '#kernel/money';
import { askTemplates, type ActiveTemplate, type TemplateAnswer } from '../classification/ask-templates.ts';
import type { Subject } from '../classification/evaluate-template.ts';
import type { DocumentAmounts, DocumentKind, DocumentLine, IntakeDocument } from '../intake/document.ts';
import type { Coding } from './code-document.ts';
import type { CodedPart } from './draft-lines.ts';

/** A document with its amounts. */
export type AmountedDocument = IntakeDocument & { readonly amounts: Pick<DocumentAmounts, 'net'> };

/** The templates that decide, and what they may reach for. */
export interface TemplateKnowledge {
  /** In the order in which they are asked. */
  readonly templates: readonly ActiveTemplate[];
  readonly lookUp?: LookUp;
  /** The codes of the book's active accounts. */
  readonly accounts: ReadonlySet<string>;
}

/** What was tested and approved is as sure as a rule of the book. */
const sureOfTemplate = 9_900;

/** What a document may be to a rule; the first is what expressions see. */
const kindsOf: Readonly<Record<DocumentKind, Subject['kinds']>> = {
  INVOICE: ['EXPENSE', 'ASSET_PURCHASE'],
  CREDIT_NOTE: ['EXPENSE', 'ASSET_PURCHASE'],
  RECEIPT: ['EXPENSE', 'ASSET_PURCHASE'],
  EXPENSE: ['REIMBURSEMENT', 'EXPENSE', 'ASSET_PURCHASE'],
  SALES_INVOICE: ['SALE'],
};

/**
 * Codes a document by the templates of its book, line by line; `otherwise` codes what no template decides. A template
 * that fails for a line, or names an account the book does not have, is passed over, and the reasons say so.
 */
export function codeByTemplates(
  document: AmountedDocument,
  knowledge: TemplateKnowledge,
  otherwise: (document: AmountedDocument) => Coding,
): Coding {
  const lines = document.lines.length > 0 ? document.lines : [wholeAsLine(document)];
  const asked = lines.map((line) => ask(document, line, knowledge));
  const problems = [...new Set(asked.flatMap((one) => one.problems))];
  const [first] = asked.flatMap((one) => one.answer ?? []);
  if (!first) return withReasons(otherwise(document), problems);
  const open = lines.filter((_, index) => !asked[index]?.answer);
  const rest = open.length === 0 ? undefined : otherwise({ ...document, ...onlyLines(document, open) });
  const restParts = rest ? spread(rest.parts, open) : [];
  const parts = lines.map((line, index): CodedPart => {
    const answer = asked[index]?.answer;
    return answer ? partOf(line, answer) : (restParts[open.indexOf(line)] as CodedPart);
  });
  const answers = asked.flatMap((one) => one.answer ?? []);
  const taxAccounts = answers.flatMap(({ decision }) => decision.taxAccountCode ?? []);
  return {
    parts,
    taxAccountCode: taxAccounts.find((code) => knowledge.accounts.has(code)) ?? rest?.taxAccountCode,
    confidence: Math.min(sureOfTemplate, rest?.confidence ?? sureOfTemplate),
    reasons: [...new Set([...answers.map(({ reason }) => reason), ...(rest?.reasons ?? []), ...problems])],
    ruleId: rest?.ruleId,
    template: { versionId: first.template.versionId, rule: first.decision.rule },
  };
}

function ask(document: AmountedDocument, line: DocumentLine, { accounts, ...knowledge }: TemplateKnowledge) {
  const { lookUp } = knowledge;
  const asked = askTemplates(knowledge.templates, subjectOf(document, line), { lookUp, only: 'account' });
  const code = asked.answer?.decision.accountCode;
  if (asked.answer === undefined || (code !== undefined && accounts.has(code))) return asked;
  const problem = `${asked.answer.reason} The book has no active account ${code ?? 'of no code'}.`;
  return { answer: undefined, problems: [...asked.problems, problem] };
}

/** A line of a document as templates see it. */
export function subjectOf(document: AmountedDocument, line: DocumentLine): Subject {
  const { kind, counterparty } = document;
  const employeePaid = kind === 'RECEIPT' && document.employee !== undefined;
  const tax = line.tax ?? money(0n, line.net.currency);
  return {
    kinds: kindsOf[employeePaid ? 'EXPENSE' : kind],
    document: kind,
    category: line.category,
    counterparty: counterparty.name,
    country: counterparty.country,
    description: line.description,
    note: document.note,
    number: document.number,
    reference: document.orderReference ?? document.paymentReference,
    currency: line.net.currency,
    date: document.issuedOn,
    employee: document.employee,
    net: Decimal.ofMoney(line.net),
    tax: Decimal.ofMoney(tax),
    gross: Decimal.ofMoney(add(line.net, tax)),
    total: Decimal.ofMoney(document.amounts.total),
    taxRate: line.taxRate === undefined ? undefined : Decimal.parse(line.taxRate),
    dimensions: { ...document.dimensions, ...line.dimensions },
  };
}

/** What the sender said of a line counts before what the template says of all such lines. */
function partOf(line: DocumentLine, { decision }: TemplateAnswer): CodedPart {
  return {
    accountCode: decision.accountCode ?? '',
    net: line.net,
    dimensions: { ...decision.dimensions, ...line.dimensions },
    taxCode: decision.taxCode,
    memo: decision.memo,
  };
}

function wholeAsLine({ amounts, note }: AmountedDocument): DocumentLine {
  return { description: note ?? '', net: amounts.net, tax: amounts.tax };
}

function onlyLines({ amounts }: AmountedDocument, lines: readonly DocumentLine[]) {
  const net = lines.reduce<Money>((total, line) => add(total, line.net), money(0n, amounts.net.currency));
  return { lines, amounts: { ...amounts, net } };
}

/** One part for each line, where one part stands for all of them. */
function spread(parts: readonly CodedPart[], lines: readonly DocumentLine[]): CodedPart[] {
  const [whole] = parts;
  if (whole === undefined || parts.length === lines.length) return [...parts];
  return lines.map(({ net, dimensions }) => ({ ...whole, net, dimensions }));
}

function withReasons(coding: Coding, problems: readonly string[]): Coding {
  return problems.length === 0 ? coding : { ...coding, reasons: [...coding.reasons, ...problems] };
}
