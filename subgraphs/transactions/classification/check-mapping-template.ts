import { CrossfootError, type UserError } from '#kernel/errors';
import { compileTemplate } from './compile-template.ts';
import { parseTemplate } from './template-yaml.ts';
import type { Template } from './template.ts';
import { runTemplateTests, testErrors, untestedRules, type TestResult } from './test-template.ts';

/** What there is to say of a template file before it is saved. */
export interface TemplateCheck {
  readonly template: Template | undefined;
  readonly errors: readonly UserError[];
  readonly results: readonly TestResult[];
  readonly untestedRules: readonly string[];
}

/** Reads, checks and tests a template file; needs no book and changes nothing. */
export function checkMappingTemplate(yaml: string): TemplateCheck {
  try {
    const template = parseTemplate(yaml);
    const results = runTemplateTests(template, compileTemplate(template));
    return {
      template,
      errors: testErrors(results),
      results,
      untestedRules: untestedRules(template, results),
    };
  } catch (error) {
    if (!(error instanceof CrossfootError)) throw error;
    return { template: undefined, errors: [error.toUserError()], results: [], untestedRules: [] };
  }
}
