import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money';
import type { DocumentRecord } from '#connectors/ports';
import { ubl } from './ubl.ts';

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const invoice = fixture('invoice.ubl.xml');

function read(text: string): DocumentRecord {
  const file = ubl.read(Buffer.from(text));
  expect(file.problems).toEqual([]);
  const [record] = file.records;
  if (record === undefined || file.records.length !== 1) throw new Error('There is not exactly one record.');
  return record;
}

const brief = ({ problems }: DocumentRecord) =>
  problems.map(({ severity, code, path }) => [severity, code, path?.join('.')]);
const eur = (minor: number) => money(BigInt(minor), 'EUR');

describe('a UBL invoice', () => {
  it('is read with parties, payment data, references and totals', () => {
    const { document, problems } = read(invoice);
    expect(problems).toEqual([]);
    expect(document).toMatchObject({
      kind: 'invoice',
      number: 'NB-2026-0417',
      issuedOn: '2026-03-12',
      dueOn: '2026-04-11',
      currency: 'EUR',
      seller: {
        name: 'Nordlicht Bürobedarf GmbH',
        taxId: 'DE136695976',
        registrationId: 'HRB 9911',
        country: 'DE',
        email: 'rechnung@nordlicht.example',
        iban: 'DE89370400440532013000',
        bic: 'COBADEFFXXX',
      },
      buyer: { name: 'Havn ApS', country: 'DK', email: 'bilag@havn.example' },
      net: eur(58400),
      tax: eur(10448),
      gross: eur(68848),
      payable: eur(48850),
      paymentReference: 'RF18539007547034',
      orderReference: 'B-8890',
      note: 'Lieferung vom 10. März & Rest folgt\nEs bestehen Rabattvereinbarungen.',
      line: 3,
    });
  });

  it('has its allowances and charges as lines, so that the lines sum to the net amount', () => {
    const lines = read(invoice).document?.lines ?? [];
    expect(
      lines.map(({ description, quantity, net, taxRate, category }) => [
        description,
        quantity,
        net.minor,
        taxRate,
        category,
      ]),
    ).toEqual([
      ['Laserdrucker: A4, schwarz-weiß', '2', 49980n, '19', '6815'],
      ['Fachbuch', '3', 5400n, '7', 'KST 4711'],
      ['Papier', '10.5', 4250n, '19', 'KST 4711'],
      ['Treuerabatt', undefined, -2500n, '19', undefined],
      ['Fracht', undefined, 1270n, '19', undefined],
    ]);
    expect(lines.reduce((total, { net }) => total + net.minor, 0n)).toBe(58400n);
  });

  it('keeps the file as it stood', () => {
    expect(read(invoice).raw).toBe(invoice);
  });

  it('takes the tax total in its own currency, wherever the other one stands', () => {
    expect(
      read(invoice.replace(/<cac:TaxTotal><cbc:TaxAmount currencyID="DKK">.*?<\/cac:TaxTotal>/, '')).document
        ?.tax,
    ).toEqual(eur(10448));
  });

  it.each([
    ['ID', /<cbc:ID>NB-2026-0417<\/cbc:ID>/, 'number'],
    ['IssueDate', /<cbc:IssueDate>.*?<\/cbc:IssueDate>/, 'issuedOn'],
    [
      'RegistrationName',
      /<cbc:RegistrationName>Nord.*?<\/cbc:RegistrationName>|<cac:PartyName>.*?<\/cac:PartyName>/g,
      'seller.name',
    ],
  ])('without %s is a record with the path of what is missing', (_name, element, path) => {
    const record = read(invoice.replace(element, ''));
    expect(brief(record)).toEqual([['error', 'FIELD_MISSING', path]]);
    expect(record.raw).toContain('<Invoice');
  });

  it('whose day of issue cannot be read is no document but keeps everything that was wrong', () => {
    const record = read(invoice.replace('>2026-03-12<', '>2026-02-31<').replace('NB-2026-0417', ''));
    expect(record.document).toBeUndefined();
    expect(brief(record)).toEqual([
      ['error', 'FIELD_MISSING', 'number'],
      ['error', 'DATE_INVALID', 'issuedOn'],
    ]);
  });

  it('in an unknown currency, or with an amount in another one, is not booked', () => {
    const unknown = read(invoice.replaceAll('"EUR"', '"EUX"').replace('Code>EUR<', 'Code>EUX<'));
    expect(unknown.document).toBeUndefined();
    expect(brief(unknown)).toEqual([['error', 'CURRENCY_UNKNOWN', 'currency']]);
    const mixed = read(invoice.replace('currencyID="EUR">499.80', 'currencyID="USD">499.80'));
    expect(brief(mixed)).toContainEqual(['error', 'CURRENCY_MISMATCH', 'lines.0.net']);
  });

  it('whose totals do not add up has an error for each sum', () => {
    expect(brief(read(invoice.replace('>688.48<', '>688.49<').replace('>488.50<', '>488.51<')))).toEqual([
      ['error', 'DOCUMENT_TOTALS_DIFFER', 'gross'],
    ]);
    expect(brief(read(invoice.replace('>488.50<', '>488.51<')))).toEqual([
      ['error', 'DOCUMENT_TOTALS_DIFFER', 'payable'],
    ]);
    expect(brief(read(invoice.replace('>54.00</cbc:LineE', '>64.00</cbc:LineE')))).toEqual([
      ['error', 'DOCUMENT_TOTALS_DIFFER', 'net'],
    ]);
  });

  it('derives a total that is left out from those that are there', () => {
    const without = (...names: string[]) =>
      read(
        names.reduce(
          (text, name) => text.replace(new RegExp(`<cbc:${name} .*?</cbc:${name}>`, 'g'), ''),
          invoice,
        ),
      );
    for (const names of [
      ['TaxExclusiveAmount'],
      ['TaxInclusiveAmount'],
      ['PayableAmount'],
      ['TaxExclusiveAmount', 'PayableAmount'],
    ]) {
      const record = without(...names);
      expect(record.problems).toEqual([]);
      expect(record.document).toMatchObject({
        net: eur(58400),
        tax: eur(10448),
        gross: eur(68848),
        payable: eur(48850),
      });
    }
  });

  it('rounds the amount of a line with too many decimals and says so', () => {
    const record = read(invoice.replace('>54.00</cbc:LineE', '>53.9951</cbc:LineE'));
    expect(brief(record)).toEqual([['warning', 'AMOUNT_TOO_PRECISE', 'lines.1.net']]);
    expect(record.document?.lines[1]?.net).toEqual(eur(5400));
  });

  it('with a line that has no amount names the line and keeps the rest', () => {
    const record = read(
      invoice.replace(/<cbc:LineExtensionAmount currencyID="EUR">54.00<\/cbc:LineExtensionAmount>/, ''),
    );
    expect(brief(record)).toContainEqual(['error', 'FIELD_MISSING', 'lines.1.net']);
    expect(record.document?.lines).toHaveLength(4);
  });

  it('is read without a due day that does not exist', () => {
    const record = read(invoice.replace('2026-04-11', '2026-04-31'));
    expect(brief(record)).toEqual([['warning', 'DATE_INVALID', 'dueOn']]);
    expect(record.document?.dueOn).toBeUndefined();
  });

  it('without lines has one a tax rate', () => {
    const record = read(invoice.replace(/<cac:InvoiceLine>[\s\S]*<\/cac:InvoiceLine>/, ''));
    expect(record.problems).toEqual([]);
    expect(record.document?.lines).toMatchObject([
      { net: eur(53000), tax: eur(10070), taxRate: '19' },
      { net: eur(5400), tax: eur(378), taxRate: '7' },
    ]);
  });
});

describe('a UBL credit note', () => {
  it('is read whatever its prefixes are, with positive amounts and the due day of its payment means', () => {
    const { document, problems } = read(fixture('credit-note.ubl.xml'));
    expect(problems).toEqual([]);
    expect(document).toMatchObject({
      kind: 'credit-note',
      number: 'GS-2026-3',
      issuedOn: '2026-03-20',
      dueOn: '2026-04-20',
      gross: money(50000n, 'SEK'),
      payable: money(50000n, 'SEK'),
      lines: [{ description: 'Guarantee', quantity: '1', taxRate: '25', net: money(40000n, 'SEK') }],
    });
    // A giro number is not an IBAN and must not be taken for one.
    expect(document?.seller.iban).toBeUndefined();
  });

  it('may also be an Invoice with the type code of a credit note', () => {
    expect(read(invoice.replace('>380<', '>381<')).document?.kind).toBe('credit-note');
    expect(read(invoice.replace('>380<', '>389<')).document?.kind).toBe('invoice');
  });
});

describe('a file that is not UBL', () => {
  it('is not recognised when its root is called Invoice in another vocabulary', () => {
    const recognises = (head: string) => ubl.recognises({ name: 'x.xml', head });
    expect(recognises('<Invoice xmlns="http://www.ebinterface.at/schema/6p0/">')).toBe(false);
    expect(recognises('<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2">')).toBe(false);
    expect(recognises(invoice)).toBe(true);
    expect(recognises('<Invoice><ID>1</ID>')).toBe(true);
  });

  it('is refused when it is not well-formed', () => {
    const file = ubl.read(Buffer.from(invoice.replace('</cac:Party>', '')));
    expect(file.records).toEqual([]);
    expect(file.problems).toMatchObject([{ severity: 'refused', code: 'FILE_UNREADABLE', line: 39 }]);
  });
});
