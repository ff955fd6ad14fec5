import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ublInvoice } from '../support/papers.ts';
import { evaluateCapture } from './capture.ts';

test('every file is read or refused, and held against the figures beside it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'crossfoot-evaluate-'));
  const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
  await write('right.xml', ublInvoice({ number: 'E-1', net: 100, issuedOn: '2026-10-02' }));
  await write('right.json', '[{"amount": 119.0, "date": "2026-10-02", "invoice_number": "E-1"}]');
  await write('wrong.xml', ublInvoice({ number: 'E-2', net: 100 }));
  await write('wrong.json', '{"total": "€119.01", "number": "E-3", "date": "2 October 2026"}');
  await write('scan.jpg', 'not a document of a known format');
  await write('scan.json', '{"total": "8.20"}');
  const printed: Record<string, unknown>[] = [];
  const summary = await evaluateCapture(folder, (line) =>
    printed.push(JSON.parse(line) as Record<string, unknown>),
  );
  expect(printed.slice(0, 3)).toMatchObject([
    {
      file: 'right.xml',
      documents: [{ number: 'E-1', gross: '119.00', tax: '19.00' }],
      expected: { amount: true, date: true, number: true },
    },
    { file: 'scan.jpg', refused: { code: 'FORMAT_UNKNOWN' }, expected: { amount: false } },
    { file: 'wrong.xml', expected: { amount: false, number: false } },
  ]);
  expect(summary).toEqual({
    files: 3,
    read: 2,
    refused: 1,
    documents: 2,
    expected: {
      amount: { fields: 3, right: 1 },
      date: { fields: 1, right: 1 },
      number: { fields: 2, right: 1 },
    },
  });
  expect(printed.at(-1)).toEqual({ summary });
});
