import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder with outside test data, or undefined where it is not at hand; tests over it are skipped then. */
export function corpora(...path: string[]): string | undefined {
  const root = process.env['CROSSFOOT_CORPORA'] ?? resolve(import.meta.dirname, '../../../shared/corpora');
  const folder = join(root, ...path);
  return existsSync(folder) ? folder : undefined;
}
