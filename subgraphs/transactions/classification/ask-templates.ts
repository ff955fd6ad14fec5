import { CrossfootError } from '#kernel/errors';
import type { LookUp } from '#kernel/expressions';
import type { CompiledTemplate } from './compile-template.ts';
import { evaluateTemplate, type Decision, type Subject } from './evaluate-template.ts';

/** A version of a template that decides. */
export interface ActiveTemplate {
  readonly versionId: string;
  readonly name: string;
  readonly number: number;
  readonly compiled: CompiledTemplate;
}

/** What a template decided, and which. */
export interface TemplateAnswer {
  readonly template: ActiveTemplate;
  readonly decision: Decision;
  /** A sentence for people that names template, version and rule. */
  readonly reason: string;
}

/** The answer of the first template that has one, and a sentence for each that could not be asked. */
export interface Asked {
  readonly answer: TemplateAnswer | undefined;
  readonly problems: readonly string[];
}

/** Asks templates in their order; one whose rule fails for this data is passed over, and that is told. */
export function askTemplates(
  templates: readonly ActiveTemplate[],
  subject: Subject,
  options: { readonly lookUp?: LookUp; readonly only?: 'account' | 'lines' } = {},
): Asked {
  const problems: string[] = [];
  for (const template of templates) {
    try {
      const decision = evaluateTemplate(template.compiled, subject, options);
      if (decision) return { answer: { template, decision, reason: reasonOf(template, decision) }, problems };
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      problems.push(`Template ${named(template)} could not decide: ${error.message}`);
    }
  }
  return { answer: undefined, problems };
}

function named({ name, number }: ActiveTemplate): string {
  return `${name} v${number}`;
}

function reasonOf(template: ActiveTemplate, { rule, accountCode, lines }: Decision): string {
  const said = accountCode ?? [...new Set((lines ?? []).map((line) => line.accountCode))].join(', ');
  return `Template ${named(template)}, rule "${rule}" says ${said}.`;
}
