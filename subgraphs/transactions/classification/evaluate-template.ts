import type { Decimal } from '#kernel/decimal';
import { CrossfootError } from '#kernel/errors';
import {
  expressionLimits,
  fuel,
  type BoundVariables,
  type EvaluationOptions,
  type LookUp,
} from '#kernel/expressions';
import { foldName } from '#kernel/names';
import {
  templateLanguage,
  type CompiledDimensions,
  type CompiledLine,
  type CompiledRule,
  type CompiledTemplate,
  type CompiledValue,
} from './compile-template.ts';
import type { amountParts, PostingKind, textParts, TransactionKind } from './template.ts';

/** What a template is asked about: a transaction, or a document or a line of one. Absent text is '', absent amounts 0. */
export interface Subject
  extends
    Readonly<Partial<Record<(typeof amountParts)[number], Decimal>>>,
    Readonly<Partial<Record<(typeof textParts)[number], string>>> {
  /** What it may be taken as; the first is what expressions see as `kind`. */
  readonly kinds: readonly [TransactionKind, ...TransactionKind[]];
  readonly dimensions?: Readonly<Record<string, string>>;
}

/** A line a rule writes; the amount is positive. */
export interface DecidedLine {
  readonly side: 'DEBIT' | 'CREDIT';
  readonly accountCode: string;
  readonly amount: Decimal;
  readonly tax?: { readonly code: string; readonly role: 'BASE' | 'TAX' };
  readonly dimensions: Readonly<Record<string, string>>;
  readonly memo?: string;
}

/** What the first rule that fits says. */
export interface Decision {
  readonly rule: string;
  readonly posting?: PostingKind;
  /** Where the content goes; missing when the rule writes whole lines. */
  readonly accountCode?: string;
  readonly taxAccountCode?: string;
  readonly taxCode?: string;
  readonly againstCode?: string;
  readonly lines?: readonly DecidedLine[];
  readonly dimensions: Readonly<Record<string, string>>;
  readonly memo?: string;
}

/** A whole template has this many times the steps of one expression. */
const stepsOfTemplate = expressionLimits.steps * 10;

/**
 * Asks a template: the first rule whose kind, category and condition fit decides. `only` passes over rules of the other
 * form. Throws EXPRESSION_FAILED or EXPRESSION_LIMIT that names the rule.
 */
export function evaluateTemplate(
  template: CompiledTemplate,
  subject: Subject,
  options: { readonly lookUp?: LookUp; readonly only?: 'account' | 'lines' } = {},
): Decision | undefined {
  const variables = templateLanguage.bind({ ...subject, kind: subject.kinds[0] });
  const evaluation = { lookUp: lookUpOf(template, options.lookUp), fuel: fuel(stepsOfTemplate) };
  const category = foldName(subject.category ?? '');
  for (const rule of template.rules) {
    if (!subject.kinds.some((kind) => rule.kinds.has(kind))) continue;
    if (rule.categories && !rule.categories.has(category)) continue;
    if (options.only === 'account' && !rule.account) continue;
    if (options.only === 'lines' && !rule.lines) continue;
    try {
      if (rule.when && !rule.when.evaluate(variables, evaluation)) continue;
      return decide(template, rule, { variables, evaluation });
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      throw new CrossfootError(error.code, `Rule "${rule.name}": ${error.message}`, { cause: error });
    }
  }
  return undefined;
}

interface Asked {
  readonly variables: BoundVariables;
  readonly evaluation: EvaluationOptions;
}

function decide(template: CompiledTemplate, rule: CompiledRule, asked: Asked): Decision {
  const dimensions = dimensionsOf(rule.dimensions, asked);
  return {
    rule: rule.name,
    posting: rule.posting,
    accountCode: accountOf(template, rule.account, asked),
    taxAccountCode: accountOf(template, rule.taxAccount, asked),
    taxCode: textOf(rule.taxCode, asked),
    againstCode: accountOf(template, rule.against, asked),
    lines: rule.lines?.flatMap((line) => {
      const decided = lineOf(template, line, asked);
      return decided ? [{ ...decided, dimensions: { ...dimensions, ...decided.dimensions } }] : [];
    }),
    dimensions,
    memo: textOf(rule.memo, asked),
  };
}

/** Lines of zero are left out; a negative amount is one on the other side. */
function lineOf(template: CompiledTemplate, line: CompiledLine, asked: Asked): DecidedLine | undefined {
  const amount = line.amount.evaluate(asked.variables, asked.evaluation);
  if (amount.digits === 0n) return undefined;
  const accountCode = accountOf(template, line.account, asked);
  if (accountCode === undefined) throw new CrossfootError('EXPRESSION_FAILED', 'A line has no account');
  const other = line.side === 'DEBIT' ? 'CREDIT' : 'DEBIT';
  const code = textOf(line.taxCode, asked);
  return {
    side: amount.digits < 0n ? other : line.side,
    accountCode,
    amount: amount.digits < 0n ? amount.negated() : amount,
    ...(code === undefined ? {} : { tax: { code, role: line.taxRole } }),
    dimensions: dimensionsOf(line.dimensions, asked),
    memo: textOf(line.memo, asked),
  };
}

/** A text that came out empty says nothing. */
function textOf(value: CompiledValue | undefined, asked: Asked): string | undefined {
  if (value === undefined) return undefined;
  const text = 'text' in value ? value.text : value.expression.evaluate(asked.variables, asked.evaluation);
  return text.trim() === '' ? undefined : text.trim();
}

function accountOf(
  template: CompiledTemplate,
  value: CompiledValue | undefined,
  asked: Asked,
): string | undefined {
  const text = textOf(value, asked);
  if (text === undefined) return undefined;
  return Object.hasOwn(template.accounts, text) ? template.accounts[text] : text;
}

function dimensionsOf(given: CompiledDimensions, asked: Asked): Record<string, string> {
  return Object.fromEntries(
    given.flatMap(([code, value]) => {
      const text = textOf(value, asked);
      return text === undefined ? [] : [[code, text] as const];
    }),
  );
}

/** The template's own tables come first: they were reviewed and tested with it. */
function lookUpOf(template: CompiledTemplate, outer: LookUp | undefined): LookUp {
  return (table, key) => {
    const own = Object.hasOwn(template.lookups, table) ? template.lookups[table] : undefined;
    if (!own) {
      if (outer) return outer(table, key);
      throw new CrossfootError('EXPRESSION_FAILED', `There is no look-up table "${table}"`);
    }
    return Object.hasOwn(own, key) ? own[key] : undefined;
  };
}
