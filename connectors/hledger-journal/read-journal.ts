import { calendarDate } from '#kernel/calendar';
import { parseMoney } from '#kernel/money';
import type { LedgerEntry, LedgerPosting } from '#connectors/ports';
import { entryLine, tagsIn } from './journal-text.ts';

/** Reads the entries of a journal as `journal-text.ts` wrote them: amounts, tags of lines and of entries included. */
export function readJournal(text: string): LedgerEntry[] {
  const entries: { head: LedgerEntry; postings: LedgerPosting[]; fields: Record<string, string> }[] = [];
  for (const line of text.split('\n')) {
    const current = entries.at(-1);
    const id = entryLine.exec(line)?.[1];
    if (id !== undefined) entries.push({ head: headOf(line, id), postings: [], fields: {} });
    else if (current && line.startsWith('    ; ')) Object.assign(current.fields, tagsIn(line.slice(6)));
    else if (current && line.startsWith('    ')) current.postings.push(postingOf(line.slice(4)));
  }
  return entries.map(({ head, postings, fields }) => ({ ...head, postings, fields }));
}

function headOf(line: string, id: string): LedgerEntry {
  const [, on = '', number = '', rest = ''] = /^(\S+) \* \(([^)]*)\) (.*)$/.exec(line) ?? [];
  const description = rest.slice(0, rest.lastIndexOf('; entry:')).trim();
  return { id, number, postedOn: calendarDate(on), description, postings: [] };
}

/** An account holds no two blanks in a row, so the first two end it. */
function postingOf(line: string): LedgerPosting {
  const end = line.indexOf('  ');
  const [amount, comment] = split(line.slice(end + 2), '  ; ');
  const [figure = '', currency = ''] = amount.split(' ');
  const firstTag = comment.search(/(?:^|, )[\p{L}\p{N}_-]+:/u);
  const memo = firstTag === -1 ? comment : comment.slice(0, firstTag);
  return {
    account: line.slice(0, end),
    amount: parseMoney(figure, currency),
    ...(memo === '' ? {} : { memo }),
    dimensions: firstTag === -1 ? {} : tagsIn(comment.slice(firstTag)),
  };
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}
