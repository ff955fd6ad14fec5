import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dialects, type DialectName } from './dialects.ts';
import { makeBook } from './make-book.ts';
import type { Recipe } from './maker.ts';
import { profiles, type ProfileName } from './profiles.ts';

async function writeRows(file: string, rows: readonly object[]): Promise<void> {
  const stream = createWriteStream(file);
  for (let from = 0; from < rows.length; from += 2_000) {
    const block = rows.slice(from, from + 2_000).map((row) => `${JSON.stringify(row)}\n`);
    if (!stream.write(block.join(''))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

function oneOf<Name extends string>(names: Readonly<Record<Name, unknown>>, name: string): Name {
  if (Object.hasOwn(names, name)) return name as Name;
  throw new Error(`There is no ${name}; there are ${Object.keys(names).join(', ')}`);
}

/** Makes a book and writes it as `bank.jsonl`, `items.jsonl`, `truth.jsonl` and its recipe as `meta.json`. */
export async function writeBook(recipe: Recipe, folder: string): Promise<void> {
  const { lines, items, truth } = makeBook(recipe);
  mkdirSync(folder, { recursive: true });
  await writeRows(join(folder, 'bank.jsonl'), lines);
  await writeRows(join(folder, 'items.jsonl'), items);
  await writeRows(join(folder, 'truth.jsonl'), truth);
  const meta = { version: 1, ...recipe, lines: lines.length, items: items.length, groups: truth.length };
  writeFileSync(join(folder, 'meta.json'), `${JSON.stringify(meta)}\n`);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      lines: { type: 'string', default: '10000' },
      profile: { type: 'string', default: 'medium' },
      dialect: { type: 'string', default: 'anglo' },
      out: { type: 'string' },
    },
  });
  if (values.out === undefined) throw new Error('Say where the book goes: --out FOLDER');
  await writeBook(
    {
      seed: Number(values.seed),
      lines: Number(values.lines),
      profile: oneOf<ProfileName>(profiles, values.profile),
      dialect: oneOf<DialectName>(dialects, values.dialect),
    },
    values.out,
  );
}
