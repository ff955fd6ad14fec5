/** What one `!` line of a QIF file announces: movements, something of which there is a list, or an account. */
export interface QifSection {
  /** `bank`, `cash`, `ccard`, `oth a`, `oth l`, `invst` …, or `account`. */
  readonly kind: string;
  /** The account its movements belong to, by the name the file gives it; undefined when it names none. */
  readonly account?: string;
}

/** One record up to its `^`. */
export interface QifRecord {
  readonly section: QifSection;
  /** Each line's first letter and what follows it, in order. */
  readonly fields: readonly (readonly [string, string])[];
  readonly raw: string;
  /** One-based line of the file at which it begins. */
  readonly line: number;
  /** False for a last record that the file does not end. */
  readonly ended: boolean;
}

/** Whether a file that begins like this is QIF. */
export function looksLikeQif(head: string): boolean {
  return /^\s*!(?:Type:|Account|Option:|Clear:)/i.test(head);
}

/**
 * Cuts a file into records, each with the section it stands in. A list of accounts says nothing of which one the
 * movements belong to; only the account that directly precedes a `!Type:` line does.
 */
export function* qifRecords(text: string): Generator<QifRecord> {
  let section: QifSection = { kind: '' };
  let account: string | undefined;
  let listed = false;
  let lines: string[] = [];
  let start = 0;
  const record = (ended: boolean): QifRecord => ({
    section,
    fields: lines.map((line) => [line.slice(0, 1), line.slice(1).trim()]),
    raw: lines.join('\n'),
    line: start,
    ended,
  });
  let number = 0;
  for (const content of text.split(/\r\n|\n|\r/)) {
    number += 1;
    const line = content.trimEnd();
    const header = /^\s*!(.*)$/.exec(line)?.[1]?.trim().toLowerCase();
    if (header !== undefined) {
      if (lines.length > 0) yield record(false);
      lines = [];
      if (header === 'option:autoswitch') listed = true;
      else if (header === 'clear:autoswitch') listed = false;
      else if (header === 'account') section = { kind: 'account' };
      else if (header.startsWith('type:')) section = { kind: header.slice(5).trim(), account };
    } else if (line.startsWith('^')) {
      if (lines.length > 0) {
        const done = record(true);
        if (section.kind === 'account' && !listed) account = nameOf(done);
        yield done;
      }
      lines = [];
    } else if (line.trim() !== '') {
      if (lines.length === 0) start = number;
      lines.push(line.trimStart());
    }
  }
  if (lines.length > 0) yield record(false);
}

function nameOf({ fields }: QifRecord): string | undefined {
  return fields.find(([letter]) => letter === 'N')?.[1];
}
