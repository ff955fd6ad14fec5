import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { firstOf, type Check, type Finding, type Patient } from './check.ts';

/** Whether the files that documents and statements came in are all there and unchanged. */
export const fileChecks: readonly Check[] = [
  {
    name: 'every file is there and has its hash',
    remedy: 'Take the file from a backup; its id is its hash, so the right one is easily told.',
    examine: files,
  },
];

async function files({ config, query }: Patient): Promise<Finding> {
  const folder = join(config.dataFolder, 'files');
  const stored = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  const contents = stored.filter((entry) => entry.isFile() && /^file_[0-9a-f]{64}$/.test(entry.name));
  const problems: string[] = [];
  const paths = new Set<string>();
  for (const entry of contents) {
    const path = join(entry.parentPath, entry.name);
    paths.add(path);
    const sha256 = await sha256OfFile(path);
    if (`file_${sha256}` !== entry.name)
      problems.push(`${path} was changed: its content has the hash ${sha256}`);
  }
  for (const { organisation, id } of await referred(query)) {
    const path = join(folder, organisation, id.slice(5, 7), id);
    if (!paths.has(path)) problems.push(`${basename(path)} of ${organisation} is gone`);
    else if (!existsSync(`${path}.json`))
      problems.push(`the description of ${id} of ${organisation} is gone`);
  }
  return { problems: firstOf(problems), seen: `${contents.length} files` };
}

function referred(query: Patient['query']): Promise<{ organisation: string; id: string }[]> {
  return query(
    `select organisation_id as organisation, id from transactions.file
      union
     select organisation_id, file_id from reconciliation.bank_statement`,
  );
}

/** SHA-256 of a file's content in hexadecimal, read as a stream. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
