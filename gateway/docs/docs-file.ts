import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SchemaModel } from './schema-model.ts';

const folder = join(import.meta.dirname, 'page');

/** The page as one file to be handed on: it asks nobody for anything and may be opened from a disk. */
export function docsFile(model: SchemaModel): string {
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const script = read('docs.js');
  const style = read('docs.css');
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data:`;
  // Text of a schema must not end the element in which it stands.
  const data = JSON.stringify(model).replace(/</g, '\\u003c');
  return read('index.html')
    .replace(
      '<meta charset="utf-8" />',
      () => `<meta charset="utf-8" />\n    <meta http-equiv="content-security-policy" content="${policy}" />`,
    )
    .replace('<link rel="stylesheet" href="/docs/docs.css" />', () => `<style>${style}</style>`)
    .replace(
      '<script type="module" src="/docs/docs.js"></script>',
      () => `<script type="application/json" id="model">${data}</script>`,
    )
    .replace('</body>', () => `<script type="module">${script}</script>\n  </body>`);
}
