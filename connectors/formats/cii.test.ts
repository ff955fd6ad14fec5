import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money';
import type { DocumentRecord } from '#connectors/ports';
import { cii } from './cii.ts';
import { ubl } from './ubl.ts';

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const invoice = fixture('invoice.cii.xml');
const eur = (minor: number) => money(BigInt(minor), 'EUR');

function read(text: string): DocumentRecord {
  const [record] = cii.read(Buffer.from(text)).records;
  if (record === undefined) throw new Error('There is no record.');
  return record;
}

describe('a CII invoice', () => {
  it('is the same document as the same invoice in UBL', () => {
    const record = read(invoice);
    expect(record.problems).toEqual([]);
    expect(record.document?.gross).toEqual(eur(68848));
    expect(record.document).toEqual(ubl.read(Buffer.from(fixture('invoice.ubl.xml'))).records[0]?.document);
  });

  it('counts neither headings nor information lines', () => {
    const heading = invoice.replace(
      '<ram:LineID>2</ram:LineID>',
      '<ram:LineID>2</ram:LineID><ram:LineStatusReasonCode>INFORMATION</ram:LineStatusReasonCode>',
    );
    expect(read(heading).document?.lines).toHaveLength(4);
  });

  it('without lines, as in the profiles MINIMUM and BASIC WL, has one a tax rate or one in all', () => {
    const basic = invoice.replace(
      /<ram:IncludedSupplyChainTradeLineItem>[\s\S]*<\/ram:IncludedSupplyChainTradeLineItem>/,
      '',
    );
    const basicRecord = read(basic);
    expect(basicRecord.problems).toEqual([]);
    expect(basicRecord.document?.lines).toMatchObject([{ net: eur(53000) }, { net: eur(5400) }]);
    const minimum = read(basic.replace(/<ram:ApplicableTradeTax>[\s\S]*<\/ram:ApplicableTradeTax>/, ''));
    expect(minimum.problems).toEqual([]);
    expect(minimum.document?.lines).toMatchObject([{ net: eur(58400), tax: eur(10448) }]);
  });

  it('with a credit type code is a credit note', () => {
    expect(read(invoice.replace('>380<', '>381<')).document?.kind).toBe('credit-note');
  });

  it('says where an amount is no amount, and is then no document', () => {
    const record = read(
      invoice.replace('>688.48<', '>688,48<').replace('>488.50<', '>abc<').replace('>104.48<', '><'),
    );
    expect(record.document).toBeUndefined();
    const line = invoice.slice(0, invoice.indexOf('688.48')).split('\n').length;
    expect(record.problems).toContainEqual(
      expect.objectContaining({ severity: 'error', code: 'AMOUNT_INVALID', path: ['gross'], line }),
    );
  });
});

describe('a ZUGFeRD 1 invoice', () => {
  it('is read under its own element names, with its service charge and without its comment line', () => {
    const { document, problems } = read(fixture('invoice.zugferd1.xml'));
    expect(problems).toEqual([]);
    expect(document).toMatchObject({
      number: '2014-88',
      issuedOn: '2014-07-02',
      orderReference: 'A-77',
      seller: { name: 'Gärtnerei Moos', taxId: 'DE111111125', country: 'DE' },
      lines: [
        { description: 'Hainbuche', quantity: '8', net: eur(4000), taxRate: '7' },
        { description: 'Anfahrt', net: eur(1000), taxRate: '7' },
      ],
      net: eur(5000),
      tax: eur(350),
      gross: eur(5350),
      payable: eur(5350),
    });
  });
});
