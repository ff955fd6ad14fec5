import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CAMT, CFONB240, MT940, QIF } from '../../connectors/formats/statement-fixtures.ts';
import { evaluateFormats } from './formats.ts';
import { kindOfFile } from './formats-files.ts';
import { readPython } from './python-literal.ts';

async function evaluate(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'crossfoot-formats-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const printed: { file?: string; disagrees?: string[]; given?: string }[] = [];
  const summary = await evaluateFormats(folder, (line) =>
    printed.push(JSON.parse(line) as (typeof printed)[0]),
  );
  return { summary, files: printed.filter(({ file }) => file !== undefined) };
}

const expected = (amount: string): string => `transactions:
- data:
    amount: {amount: ['${amount}'], currency: EUR}
    bank_reference: B-77
- data:
    amount: {amount: ['100.00'], currency: EUR}
`;

test('files of a folder are told by their marks, counted and added up by format', async () => {
  const { summary, files } = await evaluate({
    'a.xml': CAMT,
    'b.sta': MT940,
    'c.qif': QIF,
    'd.txt': CFONB240,
    'README.md': '# Statements',
  });
  expect(summary).toMatchObject({ files: 5, notStatements: 1 });
  expect(summary.total).toMatchObject({ files: 4, read: 4, entries: 8, counted: 8, disagreeing: 0 });
  expect(Object.keys(summary.formats)).toEqual(['camt', 'MT940', 'QIF', 'CFONB 240']);
  expect(files.find(({ file }) => file === 'c.qif')?.given).toBe('EUR');
});

test('a decoded file beside a statement is compared value by value', async () => {
  const same = await evaluate({ 'a.sta': MT940, 'a.yml': expected('250.50') });
  expect(same.summary.total).toMatchObject({ compared: 1, values: 4, agree: 4, disagreeing: 0 });
  const other = await evaluate({ 'a.sta': MT940, 'a.yml': expected('250.51') });
  expect(other.summary.total).toMatchObject({ compared: 1, values: 4, agree: 3, disagreeing: 1 });
  expect(other.files[0]?.disagrees).toEqual(['1.amount: 250.5 instead of 250.51']);
});

test('an entry that is not read disagrees, one that is lost with a reason does not', async () => {
  const hidden = CAMT.replaceAll('Ntry>', 'Entry>').replace('</Stmt>', '<!--<Ntry>--></Stmt>');
  expect((await evaluate({ 'a.xml': hidden })).summary.total).toMatchObject({ disagreeing: 1 });
  const lost = CAMT.replace('>1248.50000<', '>1248.505<');
  const { summary } = await evaluate({ 'a.xml': lost });
  expect(summary.total).toMatchObject({ entries: 1, counted: 2, lost: 1, disagreeing: 0 });
});

test('files that must be refused are refused, and nothing else may be', async () => {
  const { summary } = await evaluate({ 'statement.wrong.xml': CAMT, 'cut.xml': CAMT.slice(0, 2000) });
  expect(summary.total).toMatchObject({ files: 2, refusedRightly: 0, disagreeing: 2 });
});

test('another message of the same family is no statement', () => {
  const order = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"/>';
  expect(kindOfFile('a.xml', Buffer.from(order))).toMatchObject({ kind: 'other' });
});

test('what Python prints is read, texts side by side as one', () => {
  const printed = "(None, 'a' \n 'b', [{'x': -1.5, u'y': u'\\xe9\\'', 'z': (True, [])}])";
  expect(readPython(printed)).toEqual([null, 'ab', [{ x: -1.5, y: "é'", z: [true, []] }]]);
  expect(() => readPython('{1: 2}')).toThrow('texts here');
});
