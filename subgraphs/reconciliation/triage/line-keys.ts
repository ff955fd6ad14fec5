import { foldName, normaliseName } from '#kernel/names';

/** What of a bank line tells what it is for. */
export interface KeyedLine {
  readonly minor: bigint;
  readonly counterpartyName?: string | null | undefined;
  readonly text: string;
}

/** Words of a text that change from one time to the next: months, days, and what a bank writes around them. */
const passing = new Set(
  (
    'jan feb mar mrz apr may mai jun jul aug sep sept oct okt nov dec dez ' +
    'january february march april june july august september october november december ' +
    'januar februar marz juni juli oktober dezember janner ' +
    'janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre ' +
    'januari februari maart mei augustus enero febrero marzo abril mayo junio julio agosto septiembre octubre ' +
    'noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre ' +
    'maj styczen luty marzec kwiecien czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien ' +
    'monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag ' +
    'sonntag lundi mardi mercredi jeudi vendredi samedi dimanche ' +
    'am pm no nr num ref vom bis from to der die das den the and und et de du des la le les en el per'
  )
    .split(' ')
    .map(foldName),
);

/** As many words of a text as a key holds: what stands behind them is rarely what the payment is for. */
const mostWords = 6;

/**
 * What lines of one kind have in common, the narrowest first: direction, other side and lasting words; then direction
 * and other side. A line without another side is known by its words alone; one without either has no key.
 */
export function keysOf(line: KeyedLine): string[] {
  const direction = line.minor < 0n ? 'out' : 'in';
  const party = partyOf(line.counterpartyName ?? '');
  const words = wordsOf(line.text);
  if (party === '') return words === '' ? [] : [`${direction}||${words}`];
  const wide = `${direction}|${party}|`;
  return words === '' ? [wide] : [`${wide}${words}`, wide];
}

/** A key as a person reads it. */
export function describeKey(key: string): string {
  const [direction = '', party = '', words = ''] = key.split('|');
  const way = direction === 'out' ? 'to' : 'from';
  const whom = party === '' ? `Payments ${direction}` : `Payments ${way} ${party}`;
  return words === '' ? whom : `${whom}: ${words}`;
}

const partyOf = remembered(normaliseName);
const wordsOf = remembered((text) => lastingWords(text).join(' '));

function lastingWords(text: string): string[] {
  const words = foldName(text.slice(0, 1_000))
    .split(' ')
    .filter((word) => word.length > 1 && !/\d/.test(word) && !passing.has(word));
  return [...new Set(words)].slice(0, mostWords);
}

/** As many texts as a few books read again and again have. */
const mostRemembered = 20_000;

/** Remembers what a pure function has answered; the past of a book is read far more often than it changes. */
function remembered(work: (text: string) => string): (text: string) => string {
  const answers = new Map<string, string>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = work(text);
    const [oldest] = answers.keys();
    if (answers.size >= mostRemembered && oldest !== undefined) answers.delete(oldest);
    answers.set(text, answer);
    return answer;
  };
}
