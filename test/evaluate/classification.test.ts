import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { evaluateClassification } from './classification.ts';

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'crossfoot-evaluate-')), name);
  await writeFile(path, content);
  return path;
}

const rows = `Merchant;Category;Description;Amount;Expected
Hotel Adler;;one night;120,00;6670
Kolb;Office supplies;;9,90;Office supplies
Kolb;Office supplies;;9,90;Rent
Zzyx;;qwerty;1,00;6850
Zzyx;;qwerty;1,00;no such account
`;

test('every row is classified and held against the account expected, by code or by name', async () => {
  const printed: Record<string, unknown>[] = [];
  const summary = await evaluateClassification(await fileOf('rows.csv', rows), (line) =>
    printed.push(JSON.parse(line) as Record<string, unknown>),
  );
  expect(printed).toHaveLength(6);
  expect(printed[0]).toMatchObject({ line: 2, accountCode: '6670', expected: '6670', right: true });
  expect(printed[2]).toMatchObject({ accountCode: '6815', expected: '6310', right: false });
  expect(printed[4]).not.toHaveProperty('right');
  expect(summary).toMatchObject({
    rows: 5,
    coded: 3,
    accounts: { 6670: 1, 6815: 2, 6850: 2 },
    expected: { rows: 4, right: 3, rightWhenCoded: 2, notInChart: 1 },
  });
});

test('a gzipped file without expectations gives no accuracy', async () => {
  const content = gzipSync('merchant,amount\nHotel Adler,1\n');
  const summary = await evaluateClassification(await fileOf('rows.csv.gz', content), () => undefined);
  expect(summary).toMatchObject({ rows: 1, coded: 1 });
  expect(summary.expected).toBeUndefined();
});

test('a file that says neither where nor what was bought is named as such', async () => {
  const path = await fileOf('rows.csv', 'colour,size\nred,4\n');
  await expect(evaluateClassification(path, () => undefined)).rejects.toThrow(
    'None of the columns colour, size',
  );
});
