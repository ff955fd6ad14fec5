import { mutate, type Company } from './company.ts';

const template = (name: string, account: string, more = '') => `
name: ${name}
title: Grown
rules:
  - { name: Bought, for: [EXPENSE], account: "${account}"${more} }
  - { name: Fee, for: [FEE], category: [Grown], account: "6855", against: "1000" }
tests:
  - { name: A fee, in: { kind: FEE, category: Grown }, out: { rule: Bought } }
`;

/** A file with something of everything a check can say: a test that fails, and a rule that none reaches. */
export const checkedTemplate = template('checked', '6640');

/** The name of the template whose newest version would book every purchase otherwise. */
export const previewedTemplate = 'previewed';

/** A template with two versions, one of them active; a table; a fee it records; a version to preview. */
export async function growTemplates(
  { owner, approver, bookId }: Pick<Company, 'owner' | 'approver' | 'bookId'>,
  round: number,
): Promise<void> {
  const save = async (yaml: string): Promise<string> => {
    const { version } = await mutate<{ version: { id: string } }>(owner, 'saveMappingTemplate', {
      input: { bookId, yaml },
      fields: 'version { id }',
    });
    return version.id;
  };
  // Only fees it decides: whatever else the company books stays as it is.
  const quiet = template(`grown-${round}`, '6640', ', category: [Grown]').replace(
    'out: { rule: Bought',
    'out: { rule: Fee',
  );
  const versionId = await save(quiet);
  await save(quiet.replace('6640', '6600'));
  await mutate(owner, 'testMappingTemplate', { input: { versionId } });
  await mutate(approver, 'approveMappingTemplate', { input: { versionId } });
  await mutate(owner, 'activateMappingTemplate', { input: { versionId } });
  if (round === 1) {
    await save(template(previewedTemplate, '6821'));
    await save(template(previewedTemplate, '6640'));
  }
  await mutate(owner, 'uploadLookupTable', {
    input: { bookId, name: `table${round}`, csv: 'key,value\na,b\n' },
  });
  await mutate(owner, 'recordTransactions', {
    input: {
      bookId,
      source: 'shop',
      post: true,
      transactions: [
        {
          externalId: `fee-${round}`,
          kind: 'FEE',
          category: 'Grown',
          occurredOn: '2026-10-05',
          currency: 'EUR',
          gross: `${round}.00`,
        },
      ],
    },
  });
}
