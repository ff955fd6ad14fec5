import { compactNumber } from '#kernel/account-number';
import { nameTokens, tokenSimilarity } from '#kernel/names';

/** A vendor as far as recognising it goes. */
export interface VendorCandidate {
  readonly id: string;
  readonly name: string;
  /** Other spellings the vendor is known by. */
  readonly aliases: readonly string[];
  readonly taxId?: string;
  /** IBANs or account numbers. */
  readonly accounts?: readonly string[];
  /** ISO 3166 two-letter code. */
  readonly country?: string;
}

/** What a document or bank line says of a supplier. */
export interface VendorQuery {
  readonly name: string;
  readonly taxId?: string;
  readonly iban?: string;
  readonly country?: string;
}

/** A vendor the query may mean; confidence in basis points 0 to 10000, reason a plain sentence. */
export interface VendorNameMatch {
  readonly vendorId: string;
  readonly confidence: number;
  readonly reason: string;
}

/** Names less alike than this are other companies. */
const leastSimilarity = 7_000;
const mostMatches = 10;

/** Tax ids are equal with or without the country prefix, never when one is only a part of the other's number. */
function sameTaxId(a: string, b: string): boolean {
  if (a === '' || b === '') return false;
  return a === b || a.replace(/^[A-Z]{2}/, '') === b || a === b.replace(/^[A-Z]{2}/, '');
}

interface NameHit {
  readonly score: number;
  readonly spelling: string;
  readonly alias: boolean;
}

function bestSpelling(tokens: readonly string[], candidate: VendorCandidate): NameHit {
  let best: NameHit = { score: 0, spelling: candidate.name, alias: false };
  [candidate.name, ...candidate.aliases].forEach((spelling, index) => {
    const score = tokenSimilarity(tokens, nameTokens(spelling));
    if (score > best.score) best = { score, spelling, alias: index > 0 };
  });
  return best;
}

function nameMatch(
  query: VendorQuery,
  hit: NameHit,
  candidate: VendorCandidate,
): { confidence: number; reason: string } {
  const known = hit.alias ? `the known spelling "${hit.spelling}"` : `the vendor's name "${hit.spelling}"`;
  const equal = hit.score === 10_000;
  const reason = equal
    ? `"${query.name}" is ${known} once legal form, case and punctuation are set aside.`
    : `"${query.name}" is ${Math.floor(hit.score / 100)} % like ${known}.`;
  const confidence = equal ? 9_600 : hit.score - 500;
  const [asked, own] = [compactNumber(query.country ?? ''), compactNumber(candidate.country ?? '')];
  if (asked === '' || own === '') return { confidence, reason };
  if (asked === own)
    return { confidence: Math.min(9_800, confidence + 150), reason: `${reason} The country agrees.` };
  return {
    confidence: confidence - 1_200,
    reason: `${reason} But the vendor is in ${own}, not in ${asked}.`,
  };
}

function matchOne(
  query: VendorQuery,
  tokens: readonly string[],
  candidate: VendorCandidate,
): VendorNameMatch | undefined {
  const hit = bestSpelling(tokens, candidate);
  const [taxId, ownTaxId] = [compactNumber(query.taxId ?? ''), compactNumber(candidate.taxId ?? '')];
  const alike = hit.score >= leastSimilarity;
  if (sameTaxId(taxId, ownTaxId)) {
    const name = alike ? 'and the name fits' : `although the name differs from "${candidate.name}"`;
    const reason = `The tax number ${query.taxId} is the vendor's, ${name}.`;
    return { vendorId: candidate.id, confidence: alike ? 9_990 : 9_500, reason };
  }
  const iban = compactNumber(query.iban ?? '');
  if (iban !== '' && (candidate.accounts ?? []).some((account) => compactNumber(account) === iban)) {
    const name = alike ? 'and the name fits' : `although the name differs from "${candidate.name}"`;
    const ending = `The account ending in ${iban.slice(-4)} is the vendor's, ${name}.`;
    return { vendorId: candidate.id, confidence: alike ? 9_900 : 8_500, reason: ending };
  }
  if (!alike) return undefined;
  const { confidence, reason } = nameMatch(query, hit, candidate);
  // Two companies of one group share words of their names but never a tax number.
  if (taxId !== '' && ownTaxId !== '') {
    return {
      vendorId: candidate.id,
      confidence: Math.min(confidence, 6_000),
      reason: `${reason} But the tax numbers differ.`,
    };
  }
  return { vendorId: candidate.id, confidence, reason };
}

/**
 * The vendors a name may mean, surest first, at most ten; tax number and account outweigh the name. Names that fit
 * two vendors about equally lose confidence, because taking either would be a guess.
 */
export function matchVendorName(
  query: VendorQuery,
  candidates: readonly VendorCandidate[],
): VendorNameMatch[] {
  const tokens = nameTokens(query.name);
  const matches = candidates
    .flatMap((candidate) => matchOne(query, tokens, candidate) ?? [])
    .sort((a, b) => b.confidence - a.confidence || (a.vendorId < b.vendorId ? -1 : 1))
    .slice(0, mostMatches);
  const [best, next] = matches;
  if (best === undefined || next === undefined || best.confidence > 9_800) return matches;
  const close = matches.filter((match) => best.confidence - match.confidence < 300);
  if (close.length < 2) return matches;
  return matches
    .map((match) =>
      close.includes(match)
        ? {
            ...match,
            confidence: Math.floor((match.confidence * 6) / 10),
            reason: `${match.reason} ${close.length - 1} more fit as well.`,
          }
        : match,
    )
    .sort((a, b) => b.confidence - a.confidence || (a.vendorId < b.vendorId ? -1 : 1));
}
