import { describe, expect, it } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import type { BusinessDocument } from '#connectors/ports';
import { checkDocument, checkRequired } from './document-check.ts';

const eur = (minor: number) => money(BigInt(minor), 'EUR');

function invoice(changes: Partial<BusinessDocument> = {}): BusinessDocument {
  return {
    kind: 'invoice',
    number: '1',
    issuedOn: calendarDate('2026-03-01'),
    currency: 'EUR',
    seller: { name: 'Seller' },
    lines: [
      { description: 'a', net: eur(7000) },
      { description: 'b', net: eur(3000) },
    ],
    net: eur(10000),
    tax: eur(1900),
    gross: eur(11900),
    payable: eur(11900),
    line: 4,
    ...changes,
  };
}

const codes = (document: BusinessDocument) =>
  checkDocument(document).map(({ severity, code, path }) => [severity, code, path?.join('.')]);

describe('the check of a document', () => {
  it('finds nothing wrong with one that adds up, nor with a credit note or a refund', () => {
    expect(checkDocument(invoice())).toEqual([]);
    expect(checkDocument(invoice({ kind: 'credit-note' }))).toEqual([]);
    const refund = {
      lines: [{ description: 'r', net: eur(-100) }],
      net: eur(-100),
      tax: eur(-19),
      gross: eur(-119),
    };
    expect(checkDocument(invoice({ kind: 'expense', ...refund }))).toEqual([]);
  });

  it('compares net plus tax with the total to the minor unit', () => {
    const [problem] = checkDocument(invoice({ gross: eur(11901) }));
    expect(problem).toMatchObject({
      severity: 'error',
      code: 'DOCUMENT_TOTALS_DIFFER',
      path: ['gross'],
      line: 4,
    });
    expect(problem?.message).toContain('100.00 plus tax 19.00 is not the total 119.01');
  });

  it('allows the lines the rounding of their number, with a warning, and no more', () => {
    const off = (difference: number) =>
      codes(
        invoice({
          lines: [
            { description: 'a', net: eur(7000) },
            { description: 'b', net: eur(3000 + difference) },
          ],
        }),
      );
    expect(off(0)).toEqual([]);
    expect(off(1)).toEqual([['warning', 'DOCUMENT_TOTALS_DIFFER', 'net']]);
    expect(off(-1)).toEqual([['warning', 'DOCUMENT_TOTALS_DIFFER', 'net']]);
    expect(off(2)).toEqual([['error', 'DOCUMENT_TOTALS_DIFFER', 'net']]);
    expect(off(-2)).toEqual([['error', 'DOCUMENT_TOTALS_DIFFER', 'net']]);
  });

  it('names each missing field with its path', () => {
    const bare = invoice({ number: ' ', seller: { name: '' }, issuedOn: '' as BusinessDocument['issuedOn'] });
    expect(codes(bare)).toEqual([
      ['error', 'FIELD_MISSING', 'number'],
      ['error', 'FIELD_MISSING', 'issuedOn'],
      ['error', 'FIELD_MISSING', 'seller.name'],
    ]);
    expect(
      checkRequired({ kind: 'expense', seller: { name: 'x' }, line: 1 }).map(({ path }) => path),
    ).toEqual([['issuedOn'], ['currency']]);
  });

  it('asks no number of an expense', () => {
    expect(checkDocument(invoice({ kind: 'expense', number: undefined }))).toEqual([]);
  });

  it('knows currencies and does not add up two of them', () => {
    expect(codes(invoice({ currency: 'XQX' }))).toContainEqual(['error', 'CURRENCY_UNKNOWN', 'currency']);
    const mixed = invoice({ lines: [{ description: 'a', net: money(10000n, 'USD') }] });
    expect(codes(mixed)).toEqual([['error', 'CURRENCY_MISMATCH', 'lines.0.net']]);
  });

  it('refuses a day that is not in the calendar', () => {
    const document = invoice({ issuedOn: '2026-02-30' as BusinessDocument['issuedOn'] });
    expect(codes(document)).toEqual([['error', 'DATE_INVALID', 'issuedOn']]);
  });
});
