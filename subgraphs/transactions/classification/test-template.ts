import { Decimal } from '#kernel/decimal';
import { CrossfootError, userError, type UserError } from '#kernel/errors';
import type { CompiledTemplate } from './compile-template.ts';
import { evaluateTemplate, type Decision, type Subject } from './evaluate-template.ts';
import { amountParts, type Template, type TemplateTest } from './template.ts';

/** What became of one embedded test. */
export interface TestResult {
  readonly name: string;
  readonly passed: boolean;
  /** The rule that decided; none when no rule fits. */
  readonly rule: string | undefined;
  /** What differs from what the test says, one sentence each. */
  readonly differences: readonly string[];
}

/** Runs the tests of a template; look-up tables are the template's and the test's own, so the answer is always the same. */
export function runTemplateTests(template: Template, compiled: CompiledTemplate): TestResult[] {
  return (template.tests ?? []).map((test) => {
    try {
      const decision = evaluateTemplate(compiled, subjectOfTest(test), {
        lookUp: (table, key) => valueIn(test.lookups, table, key),
      });
      const differences = compare(compiled, test.out, decision);
      return { name: test.name, passed: differences.length === 0, rule: decision?.rule, differences };
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      return { name: test.name, passed: false, rule: undefined, differences: [error.message] };
    }
  });
}

/** What keeps a version from being approved: tests that do not come out, or no tests at all. */
export function testErrors(results: readonly TestResult[]): UserError[] {
  if (results.length === 0)
    return [userError('TEMPLATE_TESTS_FAILED', 'The template has no tests', ['tests'])];
  return results
    .filter((result) => !result.passed)
    .map(({ name, differences }) => {
      const message = `Test "${name}": ${differences.join('; ')}`;
      return userError('TEMPLATE_TESTS_FAILED', message, ['tests', name]);
    });
}

/** The rules that decide in no test of their template. */
export function untestedRules(template: Template, results: readonly TestResult[]): string[] {
  const reached = new Set(results.map((result) => result.rule));
  return template.rules.map((rule) => rule.name).filter((name) => !reached.has(name));
}

/** Fills in what follows from other amounts: the net from gross and tax, the gross from net and tax, the total from the gross. */
export function withDerivedAmounts(subject: Subject): Subject {
  const zero = new Decimal(0n, 0);
  const tax = subject.tax ?? zero;
  const gross = subject.gross ?? (subject.net ?? subject.total ?? zero).plus(subject.net ? tax : zero);
  return { ...subject, tax, gross, net: subject.net ?? gross.minus(tax), total: subject.total ?? gross };
}

function subjectOfTest({ in: given }: TemplateTest): Subject {
  const { kind, dimensions, ...parts } = given;
  const isAmount = (part: string): boolean => (amountParts as readonly string[]).includes(part);
  const values = Object.entries(parts).map(([part, text]) => {
    return [part, isAmount(part) && text !== undefined ? Decimal.parse(text) : text] as const;
  });
  return withDerivedAmounts({ ...Object.fromEntries(values), kinds: [kind], dimensions });
}

type Tables = NonNullable<TemplateTest['lookups']>;

function valueIn(tables: Tables | undefined, table: string, key: string): string | undefined {
  const found = tables && Object.hasOwn(tables, table) ? tables[table] : undefined;
  if (!found) throw new CrossfootError('EXPRESSION_FAILED', `The test has no look-up table "${table}"`);
  return Object.hasOwn(found, key) ? found[key] : undefined;
}

/** Only what the test names is compared; lines are compared whole. */
function compare(
  template: CompiledTemplate,
  wanted: TemplateTest['out'],
  found: Decision | undefined,
): string[] {
  const code = (account: string | undefined): string | undefined =>
    account !== undefined && Object.hasOwn(template.accounts, account) ? template.accounts[account] : account;
  const pairs: [string, string | undefined, string | undefined][] = [
    ['rule', wanted.rule ?? 'none', found?.rule ?? 'none'],
    ['account', code(wanted.account), found?.accountCode],
    ['taxAccount', code(wanted.taxAccount), found?.taxAccountCode],
    ['taxCode', wanted.taxCode, found?.taxCode],
    ['posting', wanted.posting, found?.posting],
    ['against', code(wanted.against), found?.againstCode],
    ['memo', wanted.memo, found?.memo],
    ...Object.entries(wanted.dimensions ?? {}).map(([name, value]): [string, string, string | undefined] => [
      `dimension ${name}`,
      value,
      found?.dimensions[name],
    ]),
  ];
  if (wanted.lines) {
    const written = wanted.lines.map(({ debit, credit, amount }) =>
      lineText(debit === undefined ? 'credit' : 'debit', code(debit ?? credit), Decimal.parse(amount)),
    );
    const got = (found?.lines ?? []).map((line) =>
      lineText(line.side === 'DEBIT' ? 'debit' : 'credit', line.accountCode, line.amount),
    );
    pairs.push(['lines', written.join(', '), got.join(', ')]);
  }
  return pairs
    .filter(([, want, got]) => want !== undefined && want !== got)
    .map(([what, want, got]) => `${what} is ${got ?? 'nothing'}, not ${want}`);
}

function lineText(side: string, account: string | undefined, amount: Decimal): string {
  return `${side} ${account ?? 'nothing'} ${amount.toString()}`;
}
