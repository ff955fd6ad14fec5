import { once } from 'node:events';
import type { Services } from '#kernel/services';

/** The lines of a journal of two-line entries, as a spreadsheet would save them: `rows` of them below the headings. */
export function* journalLines(rows: number): Generator<string> {
  yield 'entry;date;account;debit;credit;currency;description;memo\n';
  for (let row = 0; row < rows; row += 1) {
    const entry = row >> 1;
    const cents = ((entry * 7919) % 9_999_999) + 1;
    const amount = `${Math.trunc(cents / 100)},${String(cents % 100).padStart(2, '0')}`;
    const day = `${String((entry % 28) + 1).padStart(2, '0')}.${String((entry % 12) + 1).padStart(2, '0')}.2026`;
    const sides = row % 2 === 0 ? `6850;${amount};` : `1000;;${amount}`;
    yield `E${entry};${day};${sides};EUR;Entry number ${entry};line ${row}\n`;
  }
}

/** Stores such a journal and answers its id. */
export async function storeJournal(
  services: Services,
  organisationId: string,
  rows: number,
): Promise<string> {
  const file = await services.files.put(organisationId, blocks(journalLines(rows)), {
    name: `journal-${rows}.csv`,
    mediaType: 'text/csv',
  });
  return file.id;
}

/** Text put together to blocks of a megabyte. */
export async function* blocks(lines: Iterable<string>): AsyncGenerator<Uint8Array> {
  let block = '';
  for (const line of lines) {
    block += line;
    if (block.length < 1_000_000) continue;
    yield Buffer.from(block);
    block = '';
  }
  if (block !== '') yield Buffer.from(block);
}

/** Writes blocks into a stream at the pace it takes them, and ends it. */
export async function pour(content: AsyncIterable<Uint8Array>, into: NodeJS.WritableStream): Promise<void> {
  const ended = once(into, 'finish');
  for await (const block of content) if (!into.write(block)) await once(into, 'drain');
  into.end();
  await ended;
}
