import { describe, expect, it } from 'vitest';
import { readNarrative } from './mt940-narrative.ts';

describe('the narrative of a movement', () => {
  it('is read in the German dialect, words cut by fields and lines made whole', () => {
    const narrative = readNarrative([
      '177?00SEPA-UEBERWEISUNG?109310?20EREF+INV-2026-0000000000012?2134',
      '?22SVWZ+Rechnung 2026-12 vom 0?231.02.2026 Lieferung an das La?24ger',
      '?30COBADEFFXXX?31DE89370400440532013000?32Fjord Werkzeuge und Maschin?33enbau GmbH?34997',
    ]);
    expect(narrative).toEqual({
      counterparty: {
        iban: 'DE89370400440532013000',
        name: 'Fjord Werkzeuge und Maschinenbau GmbH',
        bic: 'COBADEFFXXX',
        accountNumber: undefined,
      },
      remittance: 'Rechnung 2026-12 vom 01.02.2026 Lieferung an das Lager',
      endToEndId: 'INV-2026-000000000001234',
      code: '177',
    });
  });

  it('keeps German purposes without keywords, with bank code and number as account', () => {
    const narrative = readNarrative([
      '008?00DAUERAUFTRAG?100599?20Miete November?21Lager 2?3010020030?31234567?32MUELLER',
    ]);
    expect(narrative).toMatchObject({
      counterparty: { accountNumber: '10020030/234567', name: 'MUELLER' },
      remittance: 'Miete November Lager 2',
      code: '008',
    });
  });

  it('falls back to the booking text where a German purpose is empty', () => {
    expect(readNarrative(['805?00ENTGELTABSCHLUSS?106666']).remittance).toBe('ENTGELTABSCHLUSS');
  });

  it.each(['^', '~', '<', '>'])('is read with %s between the fields, with Polish account numbers', (sign) => {
    const text = `020?00PRZELEW?20Faktura 7/2026?3110901014?32Jan?33Kowalski?3861109010140000071219812874`;
    expect(readNarrative([text.replaceAll('?', sign)])).toMatchObject({
      counterparty: { iban: 'PL61109010140000071219812874', name: 'Jan Kowalski' },
      remittance: 'Faktura 7/2026',
    });
  });

  it('is read in the Dutch dialects', () => {
    const simple = readNarrative([
      '/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/A. Jansen/REMI/Factuur 7/EREF/E-',
      '1/',
    ]);
    expect(simple).toMatchObject({
      counterparty: { iban: 'NL91ABNA0417164300', bic: 'ABNANL2A', name: 'A. Jansen' },
      remittance: 'Factuur 7',
      endToEndId: 'E-1',
    });
    const packed = readNarrative([
      '/EREF/E2//CNTP/NL91ABNA0417164300/ABNANL2A/ADA BV///REMI/STRD/CUR/9001123412341234/',
    ]);
    expect(packed).toMatchObject({
      counterparty: { iban: 'NL91ABNA0417164300', bic: 'ABNANL2A', name: 'ADA BV' },
      structuredReference: '9001123412341234',
    });
    const free = readNarrative(['FACTUUR 201403110', 'REK: NL91ABNA0417164300/NAAM: PICQER']);
    expect(free.counterparty).toMatchObject({ iban: 'NL91ABNA0417164300', name: 'PICQER' });
  });

  it('is read where account and name stand on a line of their own before the words in slashes', () => {
    const narrative = readNarrative([
      'NL91ABNA0417164300 multi tank card bv',
      '',
      '/TRTP/Zakelijke Europese Incasso/CSID/NL36ZZZ340698640000/REMI/Relat',
      'ienummer 17/EREF/E-17',
    ]);
    expect(narrative).toMatchObject({
      counterparty: { iban: 'NL91ABNA0417164300', name: 'multi tank card bv' },
      remittance: 'Relatienummer 17',
      endToEndId: 'E-17',
    });
  });

  it('keeps the lines of free text behind an original amount apart', () => {
    expect(readNarrative(['/OCMT/USD2853,12/', 'PAYMENT OF INVOICE 7', 'THANKS']).remittance).toBe(
      'PAYMENT OF INVOICE 7 THANKS',
    );
  });

  it('is read in the German dialect of a bank that fills lines up with a blank', () => {
    const narrative = readNarrative([' 020?00PRZELEW?20FAKTURA 7? ', '32JAN KOWALSKI ']);
    expect(narrative).toMatchObject({ counterparty: { name: 'JAN KOWALSKI' }, remittance: 'FAKTURA 7' });
  });

  it('names the ordering party of Swiss text', () => {
    const narrative = readNarrative([
      'GIRO 80532 AUFTRAGGEBER: JANE DOE BERN 131209CH98765432 MITTEILUNGEN: RECHNUNG 7',
    ]);
    expect(narrative.counterparty.name).toBe('JANE DOE BERN');
    expect(narrative.remittance).toContain('RECHNUNG 7');
  });

  it('reads Polish keywords', () => {
    const narrative = readNarrative([
      '911 COLLECT; Z RACH.: 61109010140000071219812874; OD: JAN NOWAK ; TYT.: FAKTURA 7 ; TNR: 1',
    ]);
    expect(narrative).toMatchObject({
      counterparty: { iban: 'PL61109010140000071219812874', name: 'JAN NOWAK' },
      remittance: 'FAKTURA 7',
    });
  });

  it('keeps free text, takes the only IBAN in it, and leaves two IBANs alone', () => {
    expect(readNarrative(['Betaling DE89370400440532013000 dank'])).toMatchObject({
      counterparty: { iban: 'DE89370400440532013000' },
      remittance: 'Betaling DE89370400440532013000 dank',
    });
    expect(
      readNarrative(['van DE89370400440532013000 naar NL91ABNA0417164300']).counterparty.iban,
    ).toBeUndefined();
  });

  it('joins full lines inside a word and short lines with a blank', () => {
    const full = 'x'.repeat(65);
    expect(readNarrative([full, 'y']).remittance).toBe(`${full}y`);
    expect(readNarrative(['short', 'lines']).remittance).toBe('short lines');
  });

  it('takes text of any length for plain text without searching it', () => {
    const long = `/REMI/${'( '.repeat(200_000)}`;
    expect(readNarrative([long]).remittance.length).toBeGreaterThan(300_000);
  });
});
