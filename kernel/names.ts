/** Company forms of the countries we meet, folded the way `nameTokens` folds names. */
const legalForms = new Set(
  (
    'ltd limited llc llp lp plc inc incorporated corp corporation co company pty pte ' +
    'gmbh ggmbh mbh ag kg kgaa ohg gbr ug ev ek se ' +
    'sa sas sasu sarl eurl sci snc scop sprl srl bv bvba nv vof cv cvba vzw ' +
    'ab aktiebolag hb oy oyj as asa aps ivs ehf hf ' +
    'spa sapa sl slu slne lda ltda eireli doo dd ad ood eood kft bt zrt nyrt sro as ' +
    'spzoo sia uab oao ooo zao pao pt tbk sdn bhd kk gk'
  ).split(' '),
);

/** Forms that stand before the name in some countries (SIA Rigas, UAB Vilnius, PT Jaya). */
const leadingForms = new Set(['sia', 'uab', 'ooo', 'oao', 'zao', 'pao', 'pt', 'firma', 'sarl', 'gmbh']);

/** Words that only join others and are written or left out at will. */
const joiners = new Set(['and', 'und', 'et', 'en', 'og', 'och', 'ja', 'the']);

/** What banks write before the name of a payer. */
const payerPrefix =
  /^(?:(?:payment|transfer|deposit|credit)\s+from|zahlung(?:\s+von)?|uberweisung(?:\s+von)?|vir(?:ement)?(?:\s+de)?|betaling(?:\s+van)?|bonifico(?:\s+da)?|pago(?:\s+de)?|transferencia(?:\s+de)?)\s+/;

/** The Polish limited company, the one form that is written in several words. */
const polishForm = /(?<=\S) sp z ?o ?o$/;

const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  æ: 'a',
  œ: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** Folds text to lower-case ASCII letters and digits with single blanks; ä, ae and æ come out alike. */
export function foldName(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[ßøłæœđðþı]/g, (letter) => letters[letter] ?? letter)
    .replace(/([aou])e/g, '$1')
    .replace(/['’`]/g, '')
    .replace(/(?<![\p{L}\p{N}])(\p{L})\/(\p{L})(?![\p{L}\p{N}])/gu, '$1$2')
    .replace(
      /(?<![\p{L}\p{N}])(?:\p{L}\.\s?){2,}\p{L}?(?![\p{L}\p{N}])/gu,
      (form) => `${form.replace(/[.\s]/g, '')} `,
    )
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/**
 * The words of a company or person name that identify it: folded, without the legal form (GmbH, S.A.R.L., Oy Ab),
 * joining words and what banks write before a payer. A name that is nothing but a legal form keeps it.
 */
export function nameTokens(name: string): string[] {
  const folded = foldName(name).replace(payerPrefix, '').replace(polishForm, '');
  const all = folded.split(' ').filter(Boolean);
  let from = 0;
  let to = all.length;
  while (to - from > 1 && legalForms.has(all[to - 1]!)) to -= 1;
  while (to - from > 1 && leadingForms.has(all[from]!)) from += 1;
  const kept = all.slice(from, to).filter((token) => !joiners.has(token));
  return kept.length > 0 ? kept : all;
}

/** The name as one comparable text: two spellings of a company that differ in form and punctuation only are equal. */
export function normaliseName(name: string): string {
  return nameTokens(name).join(' ');
}

/** The letters of a word as bits; some share one, so that words may only seem nearer than they are. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let at = 0; at < word.length; at += 1) letters |= 1 << (word.charCodeAt(at) & 31);
  return letters;
}

/** How many bits are set. */
function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** At least so many edits lie between two words: none of them brings more than one letter that the other word lacks. */
function leastDistance(a: string, b: string): number {
  const [ofA, ofB] = [lettersOf(a), lettersOf(b)];
  return Math.max(countBits(ofA & ~ofB), countBits(ofB & ~ofA));
}

/**
 * Edit distance in which swapping two neighbouring letters counts as one edit. Above `most` any larger number may come
 * back, found sooner.
 */
export function editDistance(a: string, b: string, most = Infinity): number {
  if (a === b) return 0;
  const least = most === Infinity ? 0 : leastDistance(a, b);
  if (least > most) return least;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  let row: number[] = [];
  let leastOfLast = 0;
  for (let i = 1; i <= a.length; i += 1) {
    const letter = a.charCodeAt(i - 1);
    let leastOfRow = (row[0] = i);
    for (let j = 1; j <= b.length; j += 1) {
      const other = b.charCodeAt(j - 1);
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (letter === other ? 0 : 1));
      if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other) {
        best = Math.min(best, beforeLast[j - 2]! + 1);
      }
      row[j] = best;
      if (best < leastOfRow) leastOfRow = best;
    }
    // What comes later builds on one of the last two rows and is never less.
    if (leastOfRow > most && leastOfLast > most) return leastOfRow;
    leastOfLast = leastOfRow;
    [beforeLast, last, row] = [last, row, beforeLast];
  }
  return last[b.length]!;
}

/** How alike two words are, 0 to 10000: typing errors cost little, a cut word keeps most, other words get nothing. */
function wordSimilarity(a: string, b: string): number {
  if (a === b) return 10_000;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length >= 3 && long.startsWith(short))
    return 8_000 + Math.floor((1_800 * short.length) / long.length);
  if (long.length < 4 || long.length - short.length > 2) return 0;
  const most = Math.floor(long.length / 4);
  const distance = editDistance(a, b, most);
  return distance > most ? 0 : Math.floor((10_000 * (long.length - distance)) / long.length);
}

/** Which words of the longer list have a partner; one for all calls, because millions of names are compared. */
let taken = new Uint8Array(16);

/** Similarity of two token lists, each word of the shorter paired with its best partner, long words weighing more. */
function tokenSetSimilarity(a: readonly string[], b: readonly string[]): number {
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  if (taken.length < many.length) taken = new Uint8Array(many.length * 2);
  taken.fill(0, 0, many.length);
  let shared = 0;
  for (const token of few) {
    let best = 0;
    let partner: string | undefined;
    for (let at = 0; at < many.length; at += 1) {
      const score = taken[at] === 1 ? 0 : wordSimilarity(token, many[at]!);
      if (score <= best) continue;
      best = score;
      partner = many[at]!;
    }
    if (partner === undefined) continue;
    // A word that stands twice is one.
    for (let at = 0; at < many.length; at += 1) if (many[at] === partner) taken[at] = 1;
    shared += best * (token.length + partner.length);
  }
  const total = lengthOf(few) + lengthOf(many);
  return total === 0 ? 0 : Math.floor(shared / total);
}

function lengthOf(tokens: readonly string[]): number {
  let length = 0;
  for (const token of tokens) length += token.length;
  return length;
}

/**
 * How alike two names are, in basis points 0 to 10000. 10000 means equal once legal forms, case, accents and word
 * order are set aside; about 8500 and more is the same name mistyped, cut or shortened; below 7000 is another name.
 */
export function nameSimilarity(a: string, b: string): number {
  return tokenSimilarity(nameTokens(a), nameTokens(b));
}

/** `nameSimilarity` over names already split by `nameTokens`; use it where one name meets many. */
export function tokenSimilarity(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const [joinedA, joinedB] = [a.join(''), b.join('')];
  if (joinedA === joinedB) return 10_000;
  if (joinedA.length === joinedB.length && [...a].sort().join('') === [...b].sort().join('')) return 10_000;
  const [short, long] = joinedA.length <= joinedB.length ? [joinedA, joinedB] : [joinedB, joinedA];
  let best = tokenSetSimilarity(a, b);
  // A field of limited width cuts names anywhere; seven letters rarely begin two names of one ledger.
  if (short.length >= 7 && long.startsWith(short)) {
    best = Math.max(best, 8_300 + Math.floor((1_500 * short.length) / long.length));
  }
  // A shortened name leaves whole words out at the end: "Karia" for "Karia Logistics".
  if (short.length >= 5 && a[0] === b[0] && (a.length === 1 || b.length === 1)) best = Math.max(best, 8_300);
  if (long.length - short.length <= 3) {
    const distance = editDistance(joinedA, joinedB, Math.floor(long.length / 5));
    if (distance * 5 <= long.length) {
      best = Math.max(best, Math.floor((10_000 * (long.length - distance)) / long.length));
    }
  }
  return Math.min(best, 9_900);
}
