import { SaxesParser } from 'saxes';
import type { ReadProblem } from '#connectors/ports';

/** One element of a document, by local name: prefixes are dropped, so a sender's choice of prefix never matters. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The character data directly inside, trimmed. */
  readonly text: string;
  /** One-based line at which the element begins. */
  readonly line: number;
}

/** How large a document may be; `length` counts UTF-16 units, `attributes` those of one element. */
export interface XmlLimits {
  readonly length: number;
  readonly depth: number;
  readonly elements: number;
  readonly attributes: number;
}

/** A tree, or the one reason why there is none. */
export type XmlTree =
  | { readonly root: XmlElement; readonly problem?: undefined }
  | { readonly root?: undefined; readonly problem: ReadProblem };

interface OpenElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  readonly text: string[];
  readonly line: number;
}

class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const LIMITS: XmlLimits = { length: 64 * 1024 * 1024, depth: 64, elements: 500_000, attributes: 64 };

/**
 * Reads XML text into a tree. Never throws for what the text contains: malformed XML and any DOCTYPE give
 * FILE_UNREADABLE, a document past the limits gives FILE_TOO_LARGE, both with the line.
 */
export function readXml(text: string, limits: XmlLimits = LIMITS): XmlTree {
  const parser = new SaxesParser({ xmlns: false, position: true });
  try {
    if (text.length > limits.length) {
      throw new Refusal(
        'FILE_TOO_LARGE',
        `The XML has ${text.length} characters; ${limits.length} are read.`,
      );
    }
    return { root: build(parser, text, limits) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { problem: { severity: 'refused', code: error.code, message: error.message, line: parser.line } };
  }
}

function build(parser: SaxesParser, text: string, limits: XmlLimits): XmlElement {
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  let startLine = 1;
  // The parser would go on after an error; throwing out of the handler is the way to stop it.
  parser.on('error', (error) => {
    throw new Refusal('FILE_UNREADABLE', `The XML is malformed: ${error.message.replace(/^\d+:\d+: /, '')}`);
  });
  parser.on('doctype', () => {
    throw new Refusal('FILE_UNREADABLE', 'The XML declares a DOCTYPE, which business documents never need.');
  });
  parser.on('opentagstart', () => {
    // The parser has read one character past the name, which may have been the end of the line.
    startLine = parser.column === 0 ? parser.line - 1 : parser.line;
  });
  parser.on('opentag', (tag) => {
    count += 1;
    if (count > limits.elements) {
      throw new Refusal('FILE_TOO_LARGE', `The XML has more than ${limits.elements} elements.`);
    }
    if (open.length >= limits.depth) {
      throw new Refusal('FILE_TOO_LARGE', `The XML is nested more than ${limits.depth} elements deep.`);
    }
    const attributes = Object.entries(tag.attributes);
    if (attributes.length > limits.attributes) {
      throw new Refusal('FILE_TOO_LARGE', `An element has more than ${limits.attributes} attributes.`);
    }
    open.push({
      name: localName(tag.name),
      attributes: new Map(attributes.map(([name, value]) => [localName(name), value])),
      children: [],
      text: [],
      line: startLine,
    });
  });
  const keep = (piece: string): void => {
    open.at(-1)?.text.push(piece);
  };
  parser.on('text', keep);
  parser.on('cdata', keep);
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed === undefined) return;
    const element = { ...closed, text: closed.text.join('').trim() };
    if (open.length === 0) root = element;
    else open.at(-1)?.children.push(element);
  });
  parser.write(text).close();
  if (root === undefined) throw new Refusal('FILE_UNREADABLE', 'The XML has no root element.');
  return root;
}

/** The first child that bears one of the names; the order of the names counts before the order in the file. */
export function child(parent: XmlElement | undefined, ...names: readonly string[]): XmlElement | undefined {
  for (const name of names) {
    const found = parent?.children.find((each) => each.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** All children with one of the names, in the order of the file. */
export function children(parent: XmlElement | undefined, ...names: readonly string[]): XmlElement[] {
  return parent?.children.filter((each) => names.includes(each.name)) ?? [];
}

/** The element down a path of first children, for example `at(party, 'PostalAddress', 'Country')`. */
export function at(start: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((element, name) => child(element, name), start);
}

/** The text down a path of first children; undefined when an element is missing or holds nothing. */
export function textAt(start: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  const text = at(start, ...path)?.text;
  return text === '' ? undefined : text;
}

/** What the first element that has it answers; undefined when none has. */
export function firstOf<T>(
  elements: readonly XmlElement[],
  pick: (element: XmlElement) => T | undefined,
): T | undefined {
  for (const element of elements) {
    const found = pick(element);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The root's local name and start tag, read off the head of a file without parsing it: past the declaration, comments
 * and a DOCTYPE. Undefined when the head holds no complete start tag.
 */
export function rootOf(head: string): { readonly name: string; readonly tag: string } | undefined {
  let from = head.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    from += head.slice(from).search(/\S|$/);
    const end = skippedEnd(head, from);
    if (end === undefined) break;
    if (end === -1) return undefined;
    from = end;
  }
  const tagEnd = head.indexOf('>', from);
  if (tagEnd === -1) return undefined;
  const tag = head.slice(from, tagEnd + 1);
  const name = /^<([\p{L}_][\p{L}\p{N}_.:-]*)[\s/>]/u.exec(tag)?.[1];
  return name === undefined ? undefined : { name: localName(name), tag };
}

/** Where the piece of prolog at `from` ends, -1 when it does not, undefined when there is none. */
function skippedEnd(head: string, from: number): number | undefined {
  const closing = closingOf(head, from);
  if (closing === undefined) return undefined;
  const end = head.indexOf(closing, from + 2);
  return end === -1 ? -1 : end + closing.length;
}

function closingOf(head: string, from: number): string | undefined {
  if (head.startsWith('<!--', from)) return '-->';
  if (head.startsWith('<?', from)) return '?>';
  if (!head.startsWith('<!DOCTYPE', from)) return undefined;
  // An internal subset holds declarations with their own closing brackets.
  const subset = head.indexOf('[', from);
  return subset !== -1 && subset < head.indexOf('>', from) ? ']>' : '>';
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
