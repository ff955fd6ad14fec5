import { expect } from 'vitest';
import { activateMappingTemplate } from '../../subgraphs/transactions/classification/activate-mapping-template.ts';
import { approveMappingTemplate } from '../../subgraphs/transactions/classification/approve-mapping-template.ts';
import { saveMappingTemplate } from '../../subgraphs/transactions/classification/save-mapping-template.ts';
import { testMappingTemplate } from '../../subgraphs/transactions/classification/test-mapping-template.ts';
import type { Workbench } from './workbench.ts';

/** Saves a template in a book and takes it all the way to ACTIVE; Ben approves. Answers the id of the version. */
export async function activateTestTemplate(bench: Workbench, bookId: string, yaml: string): Promise<string> {
  const door = bench.door('transactions');
  const saved = await door.run(saveMappingTemplate, { bookId, yaml });
  const versionId = saved.result?.versionId ?? '';
  const tested = await door.run(testMappingTemplate, { versionId });
  const approved = await door.run(approveMappingTemplate, { versionId }, { actor: bench.actor('Ben') });
  const activated = await door.run(activateMappingTemplate, { versionId });
  expect([saved, tested, approved, activated].flatMap((outcome) => outcome.errors)).toEqual([]);
  return versionId;
}
