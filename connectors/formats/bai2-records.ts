/** One logical record of a BAI2 file: its lines and continuations as one text, a line feed between them. */
export interface BaiRecord {
  readonly code: string;
  readonly text: string;
  /** One-based line of the file at which it begins. */
  readonly line: number;
  /** How many records of the file it is made of. */
  readonly pieces: number;
}

/** Some banks put several records into one line, with blanks between them. */
const nextRecord = /\/\s+(?=\d{2},)/;

/** Puts the records of a file together; continuations (88) belong to the record before them. */
export function baiRecords(text: string): BaiRecord[] {
  const records: { code: string; text: string; line: number; pieces: number }[] = [];
  const lines = text.split(/\r\n|\n|\r/);
  lines.forEach((content, index) => {
    for (const piece of content.split(nextRecord)) {
      if (piece.trim() === '') continue;
      const code = /^\s*(\d{2})(?:,|\/|$)/.exec(piece)?.[1] ?? '';
      const fields = piece
        .replace(/^\s*\d{2},?/, '')
        .trimEnd()
        .replace(/\/$/, '');
      const last = records.at(-1);
      if ((code === '88' || code === '') && last) {
        // A line without a code is text that a bank has wrapped.
        last.text += `\n${code === '' ? piece.trimEnd().replace(/\/$/, '') : fields}`;
        if (code === '88') last.pieces += 1;
      } else {
        records.push({ code, text: fields, line: index + 1, pieces: 1 });
      }
    }
  });
  return records;
}

/** Reads a record field by field. */
export interface FieldCursor {
  /** The next field without blanks around it; empty past the end. */
  take(): string;
  /** Whether fields are left. */
  more(): boolean;
  /** All that is left, as text with the ends of its lines. */
  rest(): string;
}

/** A cursor over the fields of a record. */
export function fieldsOf({ text }: BaiRecord): FieldCursor {
  let at = 0;
  const end = text.trimEnd().length;
  return {
    more: () => at < end,
    take() {
      const from = at;
      while (at < text.length && text[at] !== ',' && text[at] !== '\n') at += 1;
      const field = text.slice(from, at);
      at += 1;
      return field.trim();
    },
    rest: () => text.slice(at),
  };
}
