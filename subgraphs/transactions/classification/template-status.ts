import { CrossfootError } from '#kernel/errors';

/** Where a version of a template stands. */
export const templateStatuses = ['DRAFT', 'TESTED', 'APPROVED', 'ACTIVE', 'RETIRED'] as const;

/** One state of a version. */
export type TemplateStatus = (typeof templateStatuses)[number];

/** The state machine of a version: from each state to which others. A retired version that was active may come back. */
export const templateSteps: Readonly<Record<TemplateStatus, readonly TemplateStatus[]>> = {
  DRAFT: ['TESTED', 'RETIRED'],
  TESTED: ['APPROVED', 'RETIRED'],
  APPROVED: ['ACTIVE', 'RETIRED'],
  ACTIVE: ['RETIRED'],
  RETIRED: ['ACTIVE'],
};

/** Answers the next state; throws STATE_CONFLICT for a step the state machine does not have. */
export function advanceTemplate(id: string, from: TemplateStatus, to: TemplateStatus): TemplateStatus {
  if (templateSteps[from].includes(to)) return to;
  throw new CrossfootError('STATE_CONFLICT', `Template version ${id} is ${from} and cannot become ${to}`, {
    path: ['versionId'],
  });
}
