import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatMoney, parseMoney } from '#kernel/money';
import type { BusinessDocument } from '#connectors/ports';
import { readDocumentFile } from '#connectors/formats/document-formats';
import { corpora } from '../support/corpora.ts';

const pairs = corpora('invoices', 'facturx');
const samples = corpora('samples');

/** Folders of sample invoices with how many of their files are UBL or CII; the others are INVOIC or rule sets. */
const FOLDERS: Readonly<Record<string, number>> = {
  'einvoice-en16931': 16,
  'einvoice-en16931-testfiles': 17,
  'einvoice-peppol-bis3': 7,
  'einvoice-xrechnung': 45,
};
/** An amount collected for somebody else stands in the amount to be paid and in no total, so a person has to decide. */
const THIRD_PARTY_PAYMENT = '05.01a-INVOICE_ubl.xml';

function xmlFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.xml'))
    .toSorted()
    .map((name) => join(folder, name));
}

function documentOf(path: string): BusinessDocument {
  const file = readDocumentFile(readFileSync(path), basename(path));
  const errors = [...file.problems, ...file.records.flatMap(({ problems }) => problems)];
  expect(errors.filter(({ severity }) => severity !== 'warning')).toEqual([]);
  const document = file.records[0]?.document;
  if (document === undefined || file.records.length !== 1) throw new Error(`${path} is not one document.`);
  return document;
}

/** What the file itself says, found without the reader: the text of the last element with the name. */
function stated(text: string, ...names: string[]): string | undefined {
  for (const name of names) {
    const found = [...text.matchAll(new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>\\s*([^<]*?)\\s*<`, 'g'))].at(
      -1,
    )?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

describe.skipIf(pairs === undefined)('the same invoice in CII and in UBL', () => {
  const folder = pairs ?? '';
  const names =
    pairs === undefined ? [] : xmlFiles(join(folder, 'CII')).map((path) => basename(path, '.cii.xml'));

  it('is there in eleven variants', () => {
    expect(names).toHaveLength(11);
  });

  it.each(names)('normalises to one document: %s', (name) => {
    const fromCii = documentOf(join(folder, 'CII', `${name}.cii.xml`));
    const fromUbl = documentOf(join(folder, 'UBL', `${name}.ubl.xml`));
    // The comments before the root differ, and with them the line on which the document begins.
    expect({ ...fromCii, line: 0 }).toEqual({ ...fromUbl, line: 0 });
  });
});

describe.skipIf(samples === undefined)('published sample invoices', () => {
  const folder = samples ?? '';
  const files =
    samples === undefined ? [] : Object.keys(FOLDERS).flatMap((name) => xmlFiles(join(folder, name)));
  const read = files.map((path) => {
    const bytes = readFileSync(path);
    return { name: basename(path), path, text: bytes.toString('utf8'), file: readDocumentFile(bytes, path) };
  });
  const invoices = read.filter(({ file }) => file.format !== 'unknown');

  it.each(Object.entries(FOLDERS))('of %s are recognised, %i of them', (name, count) => {
    expect(invoices.filter(({ path }) => path.includes(`/${name}/`))).toHaveLength(count);
  });

  it('in other formats are refused as unknown', () => {
    const others = read.filter(({ file }) => file.format === 'unknown');
    expect(others.map(({ name }) => name).join()).toMatch(/^(?:EDIFACT_EXAMPLE\d\.xml,?){5}$/);
    for (const { file } of others) expect(file.problems.map(({ code }) => code)).toEqual(['FORMAT_UNKNOWN']);
  });

  it('all read without a problem, but for the one with a third-party payment', () => {
    const wrong = invoices.flatMap(({ name, file }) =>
      file.records.flatMap(({ problems }) => problems.map(({ code, path }) => [name, code, path?.join('.')])),
    );
    expect(wrong).toEqual([[THIRD_PARTY_PAYMENT, 'DOCUMENT_TOTALS_DIFFER', 'payable']]);
  });

  it.each(invoices.map(({ name, text, file }) => ({ name, text, file })))(
    'state the totals that were read: $name',
    ({ text, file }) => {
      const document = file.records[0]?.document;
      const currency = document?.currency ?? '';
      const exact = (amount: string | undefined) => formatMoney(parseMoney(amount ?? '', currency));
      const read = (amount: BusinessDocument['net'] | undefined) =>
        amount === undefined ? undefined : formatMoney(amount);
      expect(currency).toBe(stated(text, 'DocumentCurrencyCode', 'InvoiceCurrencyCode'));
      expect(read(document?.payable)).toBe(exact(stated(text, 'PayableAmount', 'DuePayableAmount')));
      expect(read(document?.gross)).toBe(exact(stated(text, 'TaxInclusiveAmount', 'GrandTotalAmount')));
      expect(read(document?.net)).toBe(exact(stated(text, 'TaxExclusiveAmount', 'TaxBasisTotalAmount')));
    },
  );

  it('have their lines, allowances and charges summing exactly to the net amount', () => {
    for (const { name, file } of invoices) {
      const { lines = [], net } = file.records[0]?.document ?? {};
      expect([name, lines.reduce((total, line) => total + line.net.minor, 0n)]).toEqual([name, net?.minor]);
    }
  });
});

describe.skipIf(samples === undefined)('the fragments of the EN 16931 rule tests', () => {
  it('each give one record with what they lack, and never a document with a hole in it', () => {
    const fragments = xmlFiles(join(samples ?? '', 'einvoice-en16931-units')).flatMap(
      (path) =>
        readFileSync(path, 'utf8').match(/<(?:\w+:)?(Invoice|CreditNote)\s[\s\S]*?<\/(?:\w+:)?\1>/g) ?? [],
    );
    expect(fragments.length).toBeGreaterThan(300);
    for (const fragment of fragments) {
      const { format, records } = readDocumentFile(Buffer.from(fragment), 'fragment.xml');
      expect(format).toBe('ubl');
      expect(records).toHaveLength(1);
      const [record] = records;
      const isComplete = record?.document?.number !== undefined && record.document.seller.name !== '';
      const isRefused = record?.problems.some(({ severity }) => severity === 'error');
      expect(isComplete || isRefused).toBe(true);
    }
  });
});
