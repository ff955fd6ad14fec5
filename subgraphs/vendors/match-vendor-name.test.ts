import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchVendorName } from './match-vendor-name.ts';
import type { VendorCandidate } from './match-vendor-name.ts';

const vendors: readonly VendorCandidate[] = [
  { id: 'v1', name: 'Müller & Söhne GmbH', aliases: [], taxId: 'DE811907980', country: 'DE' },
  { id: 'v2', name: 'Amazon Web Services EMEA SARL', aliases: ['AWS EMEA'], country: 'LU' },
  {
    id: 'v3',
    name: 'Brasserie du Nord S.A.S.',
    aliases: [],
    accounts: ['FR76 3000 6000 0112 3456 7890 189'],
  },
  { id: 'v4', name: 'Nordlicht Energie AG', aliases: [], country: 'CH' },
  { id: 'v5', name: 'Nordlicht Energie GmbH', aliases: [], country: 'DE' },
];

const first = (query: Parameters<typeof matchVendorName>[0]) => matchVendorName(query, vendors)[0];

describe('a vendor is recognised by', () => {
  test('a spelling that differs in legal form, accents and joining words only', () => {
    const match = first({ name: 'MUELLER SOEHNE G.m.b.H.' });
    expect(match).toMatchObject({ vendorId: 'v1', confidence: 9_600 });
    expect(match!.reason).toContain('once legal form, case and punctuation are set aside');
  });
  test('a known other spelling', () => {
    expect(first({ name: 'aws emea' })).toMatchObject({ vendorId: 'v2', confidence: 9_600 });
    expect(first({ name: 'aws emea' })!.reason).toContain('the known spelling "AWS EMEA"');
  });
  test('a typing error, with less confidence than an equal name', () => {
    const match = first({ name: 'Brasserie du Nrod' })!;
    expect(match.vendorId).toBe('v3');
    expect(match.confidence).toBeGreaterThan(8_000);
    expect(match.confidence).toBeLessThan(9_600);
  });
  test('its tax number whatever the name, with or without the country prefix', () => {
    expect(first({ name: 'Something else', taxId: '811 907 980' })).toMatchObject({
      vendorId: 'v1',
      confidence: 9_500,
    });
    expect(first({ name: 'Mueller und Soehne', taxId: 'DE811907980' })).toMatchObject({ confidence: 9_990 });
  });
  test('its account, of which the reason shows the last four digits only', () => {
    const match = first({ name: 'BDN', iban: 'FR7630006000011234567890189' })!;
    expect(match).toMatchObject({ vendorId: 'v3', confidence: 8_500 });
    expect(match.reason).toContain('ending in 0189');
    expect(match.reason).not.toContain('3000');
  });
});

describe('a name does not decide', () => {
  test('between two vendors of the same name', () => {
    const matches = matchVendorName({ name: 'Nordlicht Energie' }, vendors);
    expect(matches.map((match) => match.vendorId)).toEqual(['v4', 'v5']);
    for (const match of matches) expect(match.confidence).toBeLessThan(6_000);
    expect(matches[0]!.reason).toContain('1 more fit as well');
  });
  test('against the country, which tells two vendors of one name apart', () => {
    const [best, second] = matchVendorName({ name: 'Nordlicht Energie', country: 'de' }, vendors);
    expect(best).toMatchObject({ vendorId: 'v5', confidence: 9_750 });
    expect(second!.confidence).toBeLessThan(best!.confidence);
  });
  test('against a different tax number', () => {
    const match = first({ name: 'Müller & Söhne GmbH', taxId: 'DE136695976' })!;
    expect(match.confidence).toBeLessThanOrEqual(6_000);
    expect(match.reason).toContain('the tax numbers differ');
  });
  test('for a company nobody knows', () => {
    expect(matchVendorName({ name: 'Quizenfalk Textiles' }, vendors)).toEqual([]);
  });
  test('when it is empty', () => {
    expect(matchVendorName({ name: '' }, vendors)).toEqual([]);
  });
});

test('the order of the candidates does not change the answer', () => {
  const names = fc.constantFrom(
    'Nordlicht',
    'Muller Sohne',
    'AWS',
    'Amazon Web',
    'Brasserie Nord',
    'Energie',
  );
  fc.assert(
    fc.property(names, fc.shuffledSubarray([...vendors], { minLength: vendors.length }), (name, shuffled) => {
      expect(matchVendorName({ name }, shuffled)).toEqual(matchVendorName({ name }, vendors));
    }),
  );
});

test('confidence is whole basis points and falls', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.option(fc.constantFrom('DE', 'CH', 'LU'), { nil: undefined }),
      (name, country) => {
        const confidences = matchVendorName({ name, country }, vendors).map((match) => match.confidence);
        expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
        for (const value of confidences)
          expect(Number.isInteger(value) && value >= 0 && value <= 10_000).toBe(true);
      },
    ),
  );
});
