/** A start tag with the text behind it, or an end tag. */
export interface OfxToken {
  readonly name: string;
  readonly kind: 'start' | 'end';
  /** The text up to the next tag, entities resolved and blanks at its ends gone; empty for an aggregate. */
  readonly text: string;
  /** Where the token begins and where its text ends, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};
const TAG_NAME = /[A-Za-z0-9_.:-]+/y;

/**
 * Cuts OFX into tags, SGML without end tags and XML alike. Comments, processing instructions and declarations are
 * passed over; a `<` that begins no tag is text, as banks write it. Takes linear time whatever the text is.
 */
export function* ofxTokens(source: string): Generator<OfxToken> {
  let at = nextTag(source, 0);
  while (at < source.length) {
    const passed = passedOver(source, at);
    if (passed !== undefined) {
      at = nextTag(source, passed);
      continue;
    }
    const isEnd = source[at + 1] === '/';
    const from = at;
    TAG_NAME.lastIndex = at + (isEnd ? 2 : 1);
    const written = TAG_NAME.exec(source)?.[0] ?? '';
    const close = endOfTag(source, TAG_NAME.lastIndex);
    const isEmpty = source[close - 2] === '/';
    const { text, to } = textFrom(source, close);
    const name = written.slice(written.indexOf(':') + 1).toUpperCase();
    yield {
      name,
      kind: isEnd ? 'end' : 'start',
      text: isEnd || isEmpty ? '' : text,
      from,
      to: isEnd ? close : to,
    };
    at = to;
  }
}

/** The place of the next tag, comment or declaration. */
function nextTag(source: string, from: number): number {
  for (let at = source.indexOf('<', from); at !== -1; at = source.indexOf('<', at + 1)) {
    if (startsMarkup(source, at)) return at;
  }
  return source.length;
}

function startsMarkup(source: string, at: number): boolean {
  const next = source[at + 1] ?? '';
  return /[A-Za-z!?]/.test(next) || (next === '/' && /[A-Za-z]/.test(source[at + 2] ?? ''));
}

/** Where a comment, instruction or declaration at `at` ends; one that does not end is passed over by its first sign. */
function passedOver(source: string, at: number): number | undefined {
  const next = source[at + 1];
  if (next !== '!' && next !== '?') return undefined;
  const closing = source.startsWith('<!--', at) ? '-->' : '>';
  const end = source.indexOf(closing, at + 2);
  return end === -1 ? source.length : end + closing.length;
}

function endOfTag(source: string, from: number): number {
  const open = source.indexOf('<', from);
  const limit = open === -1 ? source.length : open;
  const close = source.slice(from, limit).indexOf('>');
  // A tag that was cut off before its bracket ends where the next begins.
  return close === -1 ? limit : from + close + 1;
}

/** The text behind a tag up to the next tag, with CDATA sections taken as they are and comments left out. */
function textFrom(source: string, from: number): { text: string; to: number } {
  let text = '';
  let at = from;
  for (;;) {
    const next = nextTag(source, at);
    text += resolved(source.slice(at, next));
    if (source.startsWith('<![CDATA[', next)) {
      const end = source.indexOf(']]>', next);
      text += source.slice(next + 9, end === -1 ? source.length : end);
      at = end === -1 ? source.length : end + 3;
    } else if (source.startsWith('<!--', next)) {
      at = passedOver(source, next) ?? source.length;
    } else {
      return { text: text.trim(), to: next };
    }
  }
}

function resolved(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,6}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : '\uFFFD';
  });
}
