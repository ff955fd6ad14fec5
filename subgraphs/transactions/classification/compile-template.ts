import { CrossfootError } from '#kernel/errors';
import { expressionLanguage, type Expression, type ExpressionType } from '#kernel/expressions';
import { foldName } from '#kernel/names';
import {
  amountParts,
  contentHash,
  textParts,
  type PostingKind,
  type Template,
  type TemplateLine,
  type TemplateRule,
  type TransactionKind,
} from './template.ts';

/** The language of templates: what conditions and values may name. */
export const templateLanguage = expressionLanguage({
  variables: {
    kind: 'string',
    ...Object.fromEntries(textParts.map((part) => [part, 'string'])),
    ...Object.fromEntries(amountParts.map((part) => [part, 'Decimal'])),
    dimensions: 'map<string, string>',
  },
});

/** A value of a rule: a text, or an expression that gives one. */
export type CompiledValue = { readonly text: string } | { readonly expression: Expression<'string'> };

/** Values of dimensions by code. */
export type CompiledDimensions = readonly (readonly [string, CompiledValue])[];

/** A line of a rule, ready to be evaluated. */
export interface CompiledLine {
  readonly side: 'DEBIT' | 'CREDIT';
  readonly account: CompiledValue;
  readonly amount: Expression<'Decimal'>;
  readonly taxCode: CompiledValue | undefined;
  readonly taxRole: 'BASE' | 'TAX';
  readonly dimensions: CompiledDimensions;
  readonly memo: CompiledValue | undefined;
}

/** A rule, ready to be evaluated. */
export interface CompiledRule {
  readonly name: string;
  readonly kinds: ReadonlySet<TransactionKind>;
  /** Folded; any category when undefined. */
  readonly categories: ReadonlySet<string> | undefined;
  readonly when: Expression<'bool'> | undefined;
  readonly posting: PostingKind | undefined;
  readonly account: CompiledValue | undefined;
  readonly taxAccount: CompiledValue | undefined;
  readonly taxCode: CompiledValue | undefined;
  readonly against: CompiledValue | undefined;
  readonly lines: readonly CompiledLine[] | undefined;
  readonly dimensions: CompiledDimensions;
  readonly memo: CompiledValue | undefined;
}

/** A template, ready to be asked. */
export interface CompiledTemplate {
  readonly name: string;
  readonly rules: readonly CompiledRule[];
  /** Account codes by role. */
  readonly accounts: Readonly<Record<string, string>>;
  /** The template's own small tables. */
  readonly lookups: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const compiled = new Map<string, CompiledTemplate>();
const mostCompiled = 500;

/** Compiles a template, once per content. Throws TEMPLATE_INVALID or EXPRESSION_INVALID with the path of what is wrong. */
export function compileTemplate(template: Template, hash: string = contentHash(template)): CompiledTemplate {
  const known = compiled.get(hash);
  if (known) return known;
  checkNames(template);
  const made: CompiledTemplate = {
    name: template.name,
    accounts: template.accounts ?? {},
    lookups: template.lookups ?? {},
    rules: template.rules.map((rule, index) => compileRule(template, rule, ['rules', String(index)])),
  };
  const [oldest] = compiled.keys();
  if (compiled.size >= mostCompiled && oldest !== undefined) compiled.delete(oldest);
  compiled.set(hash, made);
  return made;
}

function checkNames({ effectiveFrom, effectiveUntil, ...template }: Template): void {
  for (const [part, list] of [
    ['rules', template.rules],
    ['tests', template.tests ?? []],
  ] as const) {
    const seen = new Set<string>();
    list.forEach(({ name }, index) => {
      if (seen.has(name)) throw invalid(`The name "${name}" is used twice`, [part, String(index), 'name']);
      seen.add(name);
    });
  }
  if (effectiveFrom !== undefined && effectiveUntil !== undefined && effectiveUntil < effectiveFrom) {
    throw invalid(`It would end on ${effectiveUntil}, before it begins`, ['effectiveUntil']);
  }
}

type Path = readonly string[];

function compileRule(template: Template, rule: TemplateRule, path: Path): CompiledRule {
  if ((rule.account === undefined) === (rule.lines === undefined)) {
    throw invalid(`Rule "${rule.name}" needs either an account or lines`, path);
  }
  if (rule.lines && (rule.taxAccount ?? rule.taxCode ?? rule.against) !== undefined) {
    throw invalid(`Rule "${rule.name}" has lines; say taxCode on them, and no taxAccount or against`, path);
  }
  const account = (text: string | undefined, field: string) => accountValue(template, text, [...path, field]);
  return {
    name: rule.name,
    kinds: new Set(rule.for),
    categories: rule.category && new Set(rule.category.map(foldName)),
    when: rule.when === undefined ? undefined : compileAt(rule.when, 'bool', [...path, 'when']),
    posting: rule.posting,
    account: account(rule.account, 'account'),
    taxAccount: account(rule.taxAccount, 'taxAccount'),
    taxCode: valueAt(rule.taxCode, [...path, 'taxCode']),
    against: account(rule.against, 'against'),
    lines: rule.lines?.map((line, index) => compileLine(template, line, [...path, 'lines', String(index)])),
    dimensions: dimensionsAt(rule.dimensions, path),
    memo: valueAt(rule.memo, [...path, 'memo']),
  };
}

function compileLine(template: Template, line: TemplateLine, path: Path): CompiledLine {
  const side = line.debit === undefined ? 'CREDIT' : 'DEBIT';
  const account = accountValue(template, line.debit ?? line.credit, [...path, side.toLowerCase()]);
  if (!account || (line.debit !== undefined && line.credit !== undefined)) {
    throw invalid('A line is either a debit or a credit', path);
  }
  return {
    side,
    account,
    amount: compileAt(line.amount, 'Decimal', [...path, 'amount']),
    taxCode: valueAt(line.taxCode, [...path, 'taxCode']),
    taxRole: line.taxRole ?? 'BASE',
    dimensions: dimensionsAt(line.dimensions, path),
    memo: valueAt(line.memo, [...path, 'memo']),
  };
}

function dimensionsAt(given: Readonly<Record<string, string>> | undefined, path: Path): CompiledDimensions {
  return Object.entries(given ?? {}).flatMap(([code, text]) => {
    const value = valueAt(text, [...path, 'dimensions', code]);
    return value ? [[code, value] as const] : [];
  });
}

/** Accounts are codes, roles of the template, or expressions that give either. */
function accountValue(template: Template, text: string | undefined, path: Path): CompiledValue | undefined {
  const value = valueAt(text, path);
  if (!value || 'expression' in value) return value;
  const role = template.accounts?.[value.text];
  if (role !== undefined) return { text: role };
  if (/^[0-9A-Z][0-9A-Za-z.-]{0,19}$/.test(value.text)) return value;
  const known = Object.keys(template.accounts ?? {}).join(', ') || 'none';
  throw invalid(`"${value.text}" is neither an account code nor a role of this template (${known})`, path);
}

function valueAt(text: string | undefined, path: Path): CompiledValue | undefined {
  if (text === undefined) return undefined;
  if (!text.startsWith('=')) return { text };
  return { expression: compileAt(text.slice(1).trim(), 'string', path) };
}

function compileAt<Type extends ExpressionType>(text: string, type: Type, path: Path): Expression<Type> {
  try {
    return templateLanguage.compile(text, type);
  } catch (error) {
    if (!(error instanceof CrossfootError)) throw error;
    throw new CrossfootError(error.code, `${path.join('.')}: ${error.message}`, { path, cause: error });
  }
}

function invalid(message: string, path: Path): CrossfootError {
  return new CrossfootError('TEMPLATE_INVALID', `${path.join('.')}: ${message}`, { path });
}
