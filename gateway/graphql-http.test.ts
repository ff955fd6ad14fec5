import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSmallPlatform, type SmallPlatform } from './fixtures/small-platform.ts';

let platform: SmallPlatform;

beforeAll(async () => {
  platform = await startSmallPlatform();
  platform.data.vendors.set('ven_1', { id: 'ven_1', name: 'Acme' });
  platform.data.entries.set('je_1', { id: 'je_1', number: 'JE-1', vendorId: 'ven_1' });
});
afterAll(() => platform.stop());

test('one query is answered by two subgraphs on behalf of its sender', async () => {
  const answer = await platform.ask('{ viewerName journalEntry(id: "je_1") { number vendor { name } } }');
  expect(answer).toMatchObject({
    status: 200,
    body: { data: { viewerName: 'Ana', journalEntry: { number: 'JE-1', vendor: { name: 'Acme' } } } },
  });
  expect(answer.body.errors).toBeUndefined();
});
