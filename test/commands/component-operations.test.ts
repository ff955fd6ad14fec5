import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '#kernel/canonical';
import { afterAll, expect, test } from 'vitest';
import {
  checkOperations,
  componentOperations,
  writeOperations,
} from '../../commands/component-operations.ts';

const committed = join(import.meta.dirname, '../../schema');
const folder = mkdtempSync(join(tmpdir(), 'crossfoot-operations-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the committed manifest holds every operation of the components, and each fits the API', async () => {
  expect(await checkOperations(committed)).toEqual([]);
});

test('an operation is known by the hash of the text the components send', async () => {
  const operations = await componentOperations();
  for (const { id, body, name, type } of operations) {
    expect(id).toBe(sha256Hex(body));
    expect(body).toMatch(new RegExp(`^${type} ${name}\\b`));
  }
  expect(operations.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['query', 'mutation', 'subscription']),
  );
});

test('a manifest that is missing or edited is found, and writing mends it', async () => {
  writeFileSync(join(folder, 'api.graphql'), readFileSync(join(committed, 'api.graphql')));
  expect(await checkOperations(folder)).toEqual(['operations.json']);
  await writeOperations(folder);
  expect(await checkOperations(folder)).toEqual([]);
  const file = join(folder, 'operations.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('first: 200', 'first: 201'));
  expect(await checkOperations(folder)).toEqual(['operations.json']);
});

test('operations that do not fit the API are named with what is wrong', async () => {
  const api = readFileSync(join(committed, 'api.graphql'), 'utf8');
  writeFileSync(
    join(folder, 'api.graphql'),
    api.replace('baseCurrency: CurrencyCode!', 'currency: CurrencyCode!'),
  );
  await expect(writeOperations(folder)).rejects.toThrow(/ShownBook: Cannot query field "baseCurrency"/);
});
