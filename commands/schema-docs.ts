import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { buildSchema } from 'graphql';
import { viewNamed, views } from '#kernel/actor';
import { docsFile } from '../gateway/docs/docs-file.ts';
import { schemaModel } from '../gateway/docs/schema-model.ts';
import { schemaFolder } from './gateway-parts.ts';

/** Writes the page about a view of the graph as one file that needs no server; throws for an unknown view. */
export function writeDocs(options: {
  readonly view: string | undefined;
  readonly out: string | undefined;
}): void {
  const view = viewNamed(options.view ?? 'partner');
  if (!view) throw new Error(`There is no view ${options.view}; there are ${views.join(', ')}`);
  const file = view === 'internal' ? 'api.graphql' : join('views', `${view}.graphql`);
  const schema = buildSchema(readFileSync(join(schemaFolder, file), 'utf8'));
  const out = resolve(options.out ?? `crossfoot-${view}.html`);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, docsFile(schemaModel(schema, view)));
  process.stdout.write(`wrote ${out}\n`);
}
