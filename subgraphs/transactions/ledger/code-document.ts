import {
  classify,
  type Classification,
  type MappingRule,
  type VendorDefault,
} from '../classification/classify.ts';
import type { DocumentAmounts, IntakeDocument } from '../intake/document.ts';
import { accountOf } from './chart-of-accounts.ts';
import type { CodedPart } from './draft-lines.ts';

/** What there is to go by. */
export interface CodingKnowledge {
  readonly rules: readonly MappingRule[];
  readonly vendorDefault?: VendorDefault;
  /** The codes of the book's active accounts. */
  readonly accounts: ReadonlySet<string>;
}

/** A document with accounts for its parts, how sure that is, and why. */
export interface Coding {
  readonly parts: readonly CodedPart[];
  readonly taxAccountCode: string | undefined;
  /** Basis points, 0 to 10000. */
  readonly confidence: number;
  readonly reasons: readonly string[];
  readonly ruleId: string | undefined;
  /** The version of a template and the rule in it that decided, where one did. */
  readonly template?: { readonly versionId: string; readonly rule: string };
}

/** A hint of its own for a line must be at least this sure to part it from the rest of its document. */
const sureOfLine = 7_000;

/**
 * Finds the accounts of a document. A rule, the vendor's account or the kind decide for all of it; otherwise each line
 * that says where it belongs goes there and the rest follows the document. Accounts the book does not have are passed over.
 */
export function codeDocument(
  document: IntakeDocument & { readonly amounts: Pick<DocumentAmounts, 'net'> },
  knowledge: CodingKnowledge,
): Coding {
  const { accounts } = knowledge;
  const rules = knowledge.rules.filter((rule) => accounts.has(rule.accountCode));
  const { vendorDefault } = knowledge;
  const usable = vendorDefault && accounts.has(vendorDefault.accountCode) ? vendorDefault : undefined;
  const classified = (lines: IntakeDocument['lines']): Classification =>
    inBook(
      classify(
        { kind: document.kind, counterpartyName: document.counterparty.name, note: document.note, lines },
        rules,
        usable,
      ),
      document.kind,
      accounts,
    );
  const whole = classified(document.lines);
  const taxAccountCode =
    whole.taxAccountCode !== undefined && accounts.has(whole.taxAccountCode)
      ? whole.taxAccountCode
      : undefined;
  const { reasons, ruleId } = whole;
  const decided = ruleId !== undefined || usable !== undefined || document.kind === 'SALES_INVOICE';
  if (decided || document.lines.length < 2) {
    const parts = ofOneAccount(document, whole.accountCode);
    return { parts, taxAccountCode, confidence: whole.confidence, reasons, ruleId };
  }
  const ofLines = document.lines.map((line) => ({ line, own: classified([line]) }));
  const allSure = ofLines.every(({ own }) => own.confidence >= sureOfLine);
  return {
    parts: ofLines.map(({ line, own }) => ({
      accountCode: own.confidence >= sureOfLine ? own.accountCode : whole.accountCode,
      net: line.net,
      dimensions: line.dimensions,
    })),
    taxAccountCode,
    confidence: allSure ? Math.min(...ofLines.map(({ own }) => own.confidence)) : whole.confidence,
    reasons: allSure ? [...new Set(ofLines.flatMap(({ own }) => own.reasons))] : reasons,
    ruleId,
  };
}

/** One part, unless lines of the document belong to different things. */
function ofOneAccount(
  { amounts, lines }: IntakeDocument & { readonly amounts: Pick<DocumentAmounts, 'net'> },
  accountCode: string,
): CodedPart[] {
  const apart = lines.some(({ dimensions = {} }) => Object.keys(dimensions).length > 0);
  if (!apart) return [{ accountCode, net: amounts.net }];
  return lines.map(({ net, dimensions }) => ({ accountCode, net, dimensions }));
}

/** What stands in for an account the book does not have is a guess. */
const sureOfStandIn = 3_000;

function inBook(found: Classification, kind: string, accounts: ReadonlySet<string>): Classification {
  if (accounts.has(found.accountCode)) return found;
  const accountCode = kind === 'SALES_INVOICE' ? accountOf.DEFAULT_INCOME : accountOf.DEFAULT_EXPENSE;
  return {
    ...found,
    accountCode,
    confidence: Math.min(found.confidence, sureOfStandIn),
    reasons: [
      ...found.reasons,
      `The book has no active account ${found.accountCode}, so ${accountCode} stands in.`,
    ],
  };
}
