/** One field of a SWIFT message: its tag, its lines without the tag, and where it began. */
export interface SwiftField {
  readonly tag: string;
  readonly lines: readonly string[];
  /** One-based line of the file. */
  readonly line: number;
}

/** The fields of one message, or of one run of fields from a `:20:` to the next where there are no messages. */
export interface SwiftMessage {
  /** `940`, `942` … as the application header says; undefined without one. */
  readonly type?: string;
  readonly fields: readonly SwiftField[];
}

/** Only these begin a field: narrative lines may begin with a colon and digits too. */
const TAG = /^:(13D|20|21|25P?|28C?|34F|60[FM]|61|62[FM]|64|65|86|90[CD]|NS):/;
const INLINE_TAG = /(?=:(?:13D|20|21|25P?|28C?|34F|60[FM]|61|62[FM]|64|65|86|90[CD]|NS):)/;
/** Control characters around messages: start and end of header, end of file. */
const CONTROLS = /(?![\t\n\r])\p{Cc}/gu;
const APPLICATION_HEADER = /\{2:[IO](\d{3})/;

/** Splits the text of a file into messages. Takes SWIFT blocks and bare tags, any line ends, and files without line ends. */
export function readMessages(text: string): SwiftMessage[] {
  const messages: { type?: string; fields: { tag: string; lines: string[]; line: number }[] }[] = [];
  let type: string | undefined;
  let ended = true;
  let isOpen = false;
  const lines = contentLines(text);
  for (const [index, { content, line }] of lines.entries()) {
    type = APPLICATION_HEADER.exec(content)?.[1] ?? type;
    for (const piece of piecesOf(content)) {
      if (piece === undefined) {
        const narrative = isOpen ? messages.at(-1)?.fields.at(-1) : undefined;
        const isText = narrative?.tag === '86' && isTextDash(content, lines[index + 1]?.content);
        if (isText) narrative.lines.push('-');
        else ended = true;
        continue;
      }
      const tag = TAG.exec(piece)?.[1];
      if (tag === undefined) {
        if (!ended) messages.at(-1)?.fields.at(-1)?.lines.push(piece);
        continue;
      }
      if (ended || tag === '20') {
        messages.push({ type, fields: [] });
        isOpen = true;
      }
      ended = false;
      // Past the closing balance a narrative describes the statement, and a dash is the end.
      if (tag.startsWith('62')) isOpen = false;
      messages.at(-1)?.fields.push({ tag, lines: [piece.slice(tag.length + 2)], line });
    }
  }
  return messages;
}

/** Whether a line of one dash was left alone by a bank's wrapping, instead of ending the message: the next line tells. */
function isTextDash(content: string, next = ''): boolean {
  return content.trim() === '-' && next.trim() !== '' && !/^[{:]/.test(next.replace(CONTROLS, ''));
}

/** Whether a file that begins like this is a SWIFT statement: a tag at the start of a line, or a statement's header. */
export function looksLikeSwift(head: string): boolean {
  const start = head.replace(CONTROLS, '');
  return (
    /^\s*\{1:[\s\S]{0,60}\{2:[IO]94\d/.test(start) ||
    /^\s*:(?:20|21|25P?|28C?|34F|60[FM]|61|62[FM]|86|NS|94[02]):/.test(start) ||
    /^:20:/m.test(start)
  );
}

function contentLines(text: string): { content: string; line: number }[] {
  const lines = text.split(/\r\n|\n|\r/).map((content, index) => ({ content, line: index + 1 }));
  const filled = lines.filter(({ content }) => content.trim() !== '');
  // A file that lost its line ends is cut before each tag instead.
  return filled.length === 1
    ? filled.flatMap(({ content, line }) =>
        content.split(INLINE_TAG).map((part) => ({ content: part, line })),
      )
    : lines;
}

/** The contents of one line without block brackets and control characters; undefined stands for the end of a message. */
function* piecesOf(content: string): Generator<string | undefined> {
  let rest = content.replace(CONTROLS, '');
  const end = /^-\s*$|-\}/.exec(rest);
  if (end !== null) {
    const before = rest.slice(0, end.index);
    if (before !== '') yield before;
    yield undefined;
    rest = rest.slice(end.index + end[0].length);
    if (rest === '') return;
  }
  if (/^\s*\{[1-5]:/.test(rest)) {
    yield undefined;
    const block = rest.lastIndexOf('{4:');
    rest = block === -1 ? '' : rest.slice(block + 3);
    if (rest === '') return;
  }
  yield rest;
}
