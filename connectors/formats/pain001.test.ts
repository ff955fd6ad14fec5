import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { calendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { parseMoney } from '#kernel/money';
import type { PaymentInstruction } from '#connectors/payment-ports';
import { writePaymentInitiation } from './pain001.ts';
import { isSepaIdentification, toSepaCharacters } from './sepa-characters.ts';
import { children, readXml, textAt, type XmlElement } from './xml-tree.ts';

const facts = readFileSync(join(import.meta.dirname, 'fixtures/pain001-facts.xsd'), 'utf8');

const debtor = {
  name: 'Müller & Söhne GmbH',
  iban: 'DE89370400440532013000',
  bic: 'COBADEFFXXX',
  country: 'DE',
};
const creditor = { name: 'Borealis BV', iban: 'NL91 ABNA 0417 1643 00' };

function payment(endToEndId: string, more: Partial<PaymentInstruction> = {}): PaymentInstruction {
  const amount = parseMoney('100.00', 'EUR');
  const executionOn = calendarDate('2026-11-23');
  return { endToEndId, amount, executionOn, debtor, creditor, remittance: 'INV-7', ...more };
}

function write(...payments: PaymentInstruction[]) {
  return writePaymentInitiation({
    messageId: 'PO1',
    createdAt: new Date('2026-11-21T10:00:00.123Z'),
    initiator: debtor.name,
    payments,
  });
}

function batchesOf(text: string): XmlElement[] {
  const { root } = readXml(text);
  return children(root?.children[0], 'PmtInf');
}

async function problems(text: string): Promise<readonly string[]> {
  const xml = { fileName: 'pain001.xml', contents: text };
  const checked = await validateXML({ xml, schema: { fileName: 'pain001-facts.xsd', contents: facts } });
  return checked.errors.map((error) => error.message);
}

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof CrossfootError) return error.code;
    throw error;
  }
  return 'written';
};

describe('a file of payments', () => {
  test('is what the message definition says, for every kind of payment we know', async () => {
    const file = write(
      payment('E1', { creditorReference: { scheme: 'ISO 11649', value: 'RF18 5390 0754 7034' } }),
      payment('E2', {
        creditor: { name: 'Graphia NV', iban: 'BE68539007547034', bic: 'KREDBEBB', country: 'BE' },
        creditorReference: { scheme: 'Belgian', value: '+++010/8068/17183+++' },
      }),
      payment('E3', {
        debtor: { name: 'Wir AG', iban: 'CH9300762011623852957', country: 'CH' },
        amount: parseMoney('12.50', 'CHF'),
        creditor: { name: 'Werk AG', iban: 'CH4431999123000889012', country: 'CH' },
        creditorReference: { scheme: 'QRR', value: '21 00000 00003 13947 14300 09017' },
      }),
      payment('E6', {
        amount: parseMoney('75', 'USD'),
        creditor: {
          name: 'Acme Inc.',
          accountNumber: '000123456789',
          bic: 'CHASUS33',
          country: 'US',
          address: { street: 'Main St', buildingNumber: '5b', postalCode: '10001', town: 'New York' },
        },
      }),
      payment('E4', {
        amount: parseMoney('9000', 'JPY'),
        creditor: { name: 'Kansai KK', accountNumber: '120-7654321', bic: 'BOTKJPJT', country: 'JP' },
        remittance: `Rechnung_42 @ "x" ${'y'.repeat(200)}`,
      }),
      payment('E5', { remittance: '' }),
    );
    expect(await problems(file.text)).toEqual([]);
    expect(file.text).toContain('<CtrlSum>9387.50</CtrlSum>');
    expect(file.text).toContain('<Ref>RF18539007547034</Ref>');
    expect(file.text).toContain('<Prtry>QRR</Prtry>');
    expect(file.text).toContain('<InstdAmt Ccy="JPY">9000</InstdAmt>');
    expect(file.text.replaceAll(/\s*\n\s*/g, '')).toContain(
      '<StrtNm>Main St</StrtNm><BldgNb>5b</BldgNb><PstCd>10001</PstCd><TwnNm>New York</TwnNm><Ctry>US</Ctry>',
    );
    expect(file.unaddressed).toEqual(['Werk AG', 'Kansai KK']);
    expect(await problems(file.text.replace('<PmtMtd>TRF</PmtMtd>', ''))).not.toEqual([]);
  });

  test('is made of batches by account, day, currency and kind, each with its count and sum', () => {
    const other = { name: 'Wir AG', iban: 'CH9300762011623852957' };
    const file = write(
      payment('E1'),
      payment('E2', { executionOn: calendarDate('2026-11-24') }),
      payment('E3', { debtor: other }),
      payment('E4', { amount: parseMoney('0.01', 'EUR') }),
      payment('E5', { amount: parseMoney('5', 'USD') }),
    );
    expect(file.batches).toEqual([
      { id: 'PO1-1', endToEndIds: ['E1', 'E4'] },
      { id: 'PO1-2', endToEndIds: ['E2'] },
      { id: 'PO1-3', endToEndIds: ['E3'] },
      { id: 'PO1-4', endToEndIds: ['E5'] },
    ]);
    expect(
      batchesOf(file.text).map((batch) => [
        textAt(batch, 'PmtInfId'),
        textAt(batch, 'NbOfTxs'),
        textAt(batch, 'CtrlSum'),
        textAt(batch, 'PmtTpInf', 'SvcLvl', 'Cd'),
        textAt(batch, 'ChrgBr'),
      ]),
    ).toEqual([
      ['PO1-1', '2', '100.01', 'SEPA', 'SLEV'],
      ['PO1-2', '1', '100.00', 'SEPA', 'SLEV'],
      ['PO1-3', '1', '100.00', 'SEPA', 'SLEV'],
      ['PO1-4', '1', '5.00', undefined, 'SHAR'],
    ]);
  });

  test('gives the text where the reference is unsound or the account takes none of its kind', () => {
    const refs = [
      { scheme: 'ISO 11649', value: 'RF19 5390 0754 7034' },
      { scheme: 'QRR', value: '210000000003139471430009017' },
      { scheme: 'Belgian', value: '010806817183' },
    ] as const;
    const file = write(...refs.map((creditorReference, at) => payment(`E${at}`, { creditorReference })));
    expect(file.text.match(/<Ustrd>INV-7<\/Ustrd>/g)).toHaveLength(3);
    expect(file.text).not.toContain('<Strd>');
  });

  test('is refused for what a bank would refuse, without an account number in the message', () => {
    const iban = 'DE88370400440532013000';
    const cases: [string, Partial<PaymentInstruction>][] = [
      ['FIELD_INVALID', { creditor: { name: 'X', iban } }],
      ['FIELD_INVALID', { creditor: { ...creditor, bic: 'NOBIC' } }],
      ['FIELD_INVALID', { creditor: { ...creditor, name: ' ' } }],
      ['FIELD_INVALID', { amount: parseMoney('0', 'EUR') }],
      ['FIELD_INVALID', { amount: parseMoney('1000000000.00', 'EUR') }],
      ['FIELD_MISSING', { creditor: { name: 'X' } }],
      ['FIELD_MISSING', { creditor: { name: 'X', accountNumber: '1234567' } }],
      ['FIELD_MISSING', { creditor: { name: 'X', iban: 'CH4431999123000889012' } }],
      ['written', {}],
    ];
    expect(cases.map(([, more]) => codeOf(() => write(payment('E1', more))))).toEqual(
      cases.map(([code]) => code),
    );
    expect(codeOf(() => write(payment('E1'), payment('E1')))).toBe('FIELD_INVALID');
    expect(codeOf(() => write(payment('x'.repeat(36))))).toBe('FIELD_INVALID');
    expect(codeOf(() => write(payment('a//b')))).toBe('FIELD_INVALID');
    expect(codeOf(() => write())).toBe('FIELD_MISSING');
    expect(() => write(payment('E1', { creditor: { name: 'X', iban } }))).not.toThrow(iban);
  });

  test('is the same file when it is written again', () => {
    expect(write(payment('E1'), payment('E2')).text).toBe(write(payment('E1'), payment('E2')).text);
  });
});

describe('the characters of SEPA', () => {
  test('stand for all others as the European Payments Council says', () => {
    expect(toSepaCharacters('Łódź & Ærø: „Größe“ 5€_[x]; naïve')).toBe("Lodz + Aro: 'Grose' 5E-(x), naive");
    expect(toSepaCharacters('Θεσσαλονίκη Щука Йод')).toBe('THessaloniki SHTuka Yod');
    expect(toSepaCharacters('日本\n 7 ½')).toBe('.. 7 1.2');
  });

  test('are all there is in any text, which they leave as it was when it has no others', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const written = toSepaCharacters(text);
        expect(written).toMatch(/^[A-Za-z0-9/\-?:().,'+ ]*$/);
        expect(toSepaCharacters(written)).toBe(written);
      }),
    );
  });

  test('make an identification of 35 at most, without slashes at its ends', () => {
    expect(['A', 'A/B-1', 'x'.repeat(35)].every((text) => isSepaIdentification(text))).toBe(true);
    expect(
      ['', '/A', 'A/', 'A//B', 'Ä', ' A', 'x'.repeat(36)].some((text) => isSepaIdentification(text)),
    ).toBe(false);
  });
});
