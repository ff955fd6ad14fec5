import { foldName } from '#kernel/names';
import { expenseAccounts, otherExpenses, salesRevenue, type CodedAccount } from './accounts.ts';

/** What classification looks at in a document. */
export interface ClassifiedDocument {
  readonly kind: string;
  readonly counterpartyName?: string;
  readonly note?: string;
  readonly lines: readonly {
    readonly description: string;
    readonly category?: string;
    readonly net: { readonly minor: bigint };
  }[];
}

/** A rule of the book; all conditions it has must hold. */
export interface MappingRule {
  readonly id: string;
  readonly name: string;
  readonly vendorNameContains?: string;
  readonly category?: string;
  readonly documentKind?: string;
  readonly accountCode: string;
  readonly taxAccountCode?: string;
}

/** What is known of the vendor of a document. */
export interface VendorDefault {
  readonly vendorName: string;
  readonly accountCode: string;
}

/** The account a document goes to, how sure that is, and why. */
export interface Classification {
  readonly accountCode: string;
  readonly taxAccountCode?: string;
  /** Basis points, 0 to 10000. */
  readonly confidence: number;
  /** Sentences for people, the decisive one first. */
  readonly reasons: readonly string[];
  readonly ruleId?: string;
}

const confidenceOf = {
  rule: 9_900,
  vendor: 9_000,
  category: 8_000,
  salesInvoice: 8_000,
  keyword: 7_000,
  /** Lines of one document that point to several accounts: the largest is a guess for the rest. */
  mixed: 5_000,
  nothing: 3_000,
} as const;

/**
 * Finds the account of a document: the first rule that fits, else the vendor's own account, else the category the
 * sender gave, else words of its lines and its counterparty, else the account for all other expenses.
 */
export function classify(
  document: ClassifiedDocument,
  rules: readonly MappingRule[],
  vendorDefault?: VendorDefault,
): Classification {
  const rule = rules.find((one) => fits(document, one));
  if (rule) return byRule(document, rule);
  if (document.kind === 'SALES_INVOICE') {
    return {
      accountCode: salesRevenue.code,
      confidence: confidenceOf.salesInvoice,
      reasons: [
        `Sales invoices go to ${salesRevenue.name} (${salesRevenue.code}) when no rule says otherwise.`,
      ],
    };
  }
  if (vendorDefault) {
    return {
      accountCode: vendorDefault.accountCode,
      confidence: confidenceOf.vendor,
      reasons: [`${vendorDefault.accountCode} is the default account of ${vendorDefault.vendorName}.`],
    };
  }
  return byWords(document);
}

function fits(document: ClassifiedDocument, rule: MappingRule): boolean {
  if (rule.documentKind !== undefined && rule.documentKind !== document.kind) return false;
  if (rule.vendorNameContains !== undefined) {
    const wanted = foldName(rule.vendorNameContains);
    if (wanted === '' || !foldName(document.counterpartyName ?? '').includes(wanted)) return false;
  }
  if (rule.category !== undefined) {
    const wanted = foldName(rule.category);
    if (!document.lines.some((line) => foldName(line.category ?? '') === wanted)) return false;
  }
  return true;
}

function byRule(document: ClassifiedDocument, rule: MappingRule): Classification {
  const because = [
    ...(rule.vendorNameContains === undefined
      ? []
      : [`the name ${document.counterpartyName} contains "${rule.vendorNameContains}"`]),
    ...(rule.category === undefined ? [] : [`the category is ${rule.category}`]),
    ...(rule.documentKind === undefined ? [] : [`the kind is ${rule.documentKind}`]),
  ];
  return {
    accountCode: rule.accountCode,
    taxAccountCode: rule.taxAccountCode,
    confidence: confidenceOf.rule,
    reasons: [`Rule "${rule.name}" says ${rule.accountCode}, because ${because.join(' and ')}.`],
    ruleId: rule.id,
  };
}

interface Hint {
  readonly account: CodedAccount;
  readonly by: 'category' | 'keyword';
  readonly reason: string;
  readonly weight: bigint;
}

function byWords(document: ClassifiedDocument): Classification {
  const hints = document.lines.flatMap((line) => hintOf(line, document) ?? []);
  const [first] = hints;
  if (first === undefined) return unknown();
  const best = heaviest(hints);
  const chosen = hints.filter((hint) => hint.account === best);
  const others = [...new Set(hints.filter((hint) => hint.account !== best).map((hint) => hint.account))];
  const silent = document.lines.length - hints.length;
  const by = chosen.every((hint) => hint.by === 'category') ? 'category' : 'keyword';
  const mixed = others.length > 0;
  return {
    accountCode: best.code,
    confidence: mixed ? confidenceOf.mixed : confidenceOf[by],
    reasons: [
      ...new Set(chosen.map((hint) => hint.reason)),
      ...(mixed ? [`Other lines point to ${others.map(named).join(', ')}; the largest part decides.`] : []),
      ...(silent > 0 ? [`${silent} of ${document.lines.length} lines say nothing.`] : []),
    ],
  };
}

function unknown(): Classification {
  return {
    accountCode: otherExpenses.code,
    confidence: confidenceOf.nothing,
    reasons: [`Nothing in the document points to an account, so ${named(otherExpenses)} is a placeholder.`],
  };
}

/** What one line points to: its category, else its own words, else those of the counterparty and the note. */
function hintOf(line: ClassifiedDocument['lines'][number], document: ClassifiedDocument): Hint | undefined {
  const weight = line.net.minor < 0n ? -line.net.minor : line.net.minor;
  const category = accountOfCategory(line.category);
  if (category) {
    const reason = `The category "${line.category}" is one of ${named(category)}.`;
    return { account: category, by: 'category', reason, weight };
  }
  for (const [text, where] of [
    [line.description, 'line'],
    [document.counterpartyName, 'name of the counterparty'],
    [document.note, 'note'],
  ] as const) {
    const found = accountOfText(text);
    if (found) {
      const reason = `The word "${found.word}" in the ${where} is one of ${named(found.account)}.`;
      return { account: found.account, by: 'keyword', reason, weight };
    }
  }
  return undefined;
}

function heaviest(hints: readonly Hint[]): CodedAccount {
  const weights = new Map<CodedAccount, bigint>();
  for (const { account, weight } of hints) weights.set(account, (weights.get(account) ?? 0n) + weight);
  return [...weights].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

/** Folds words the way texts are folded, once. */
const tables = expenseAccounts.map((account) => ({
  account,
  categories: new Set(account.categories.map(foldName)),
  keywords: account.keywords.map((word) => ({ word, folded: foldName(word) })),
}));

function accountOfCategory(category: string | undefined): CodedAccount | undefined {
  const folded = foldName(category ?? '');
  if (folded === '') return undefined;
  // E-invoices may carry the account the buyer asked for in place of a category.
  const exact = tables.find((table) => table.categories.has(folded) || table.account.code === folded);
  if (exact) return exact.account;
  // "Travel: Hotel" and "6670 Travel" name the account by one of their words.
  const words = folded.split(' ');
  return tables.find((table) => words.some((word) => table.categories.has(word)))?.account;
}

/** Shorter words begin too many others. */
const shortestPrefix = 6;

function accountOfText(text: string | undefined): { account: CodedAccount; word: string } | undefined {
  const padded = ` ${foldName(text ?? '')} `;
  let best: { account: CodedAccount; word: string } | undefined;
  for (const { account, keywords } of tables) {
    for (const { word, folded } of keywords) {
      const there =
        folded.length < shortestPrefix ? padded.includes(` ${folded} `) : padded.includes(` ${folded}`);
      if (there && word.length > (best?.word.length ?? 0)) best = { account, word };
    }
  }
  return best;
}

function named({ code, name }: { readonly code: string; readonly name: string }): string {
  return `${name} (${code})`;
}
