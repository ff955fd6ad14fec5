import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resultType } from './test-support/result-types.ts';

/** What the elements believe to be answered, compared by the compiler with what the schema says is answered. */
const here = import.meta.dirname;
const root = resolve(here, '..');
const schema = buildSchema(readFileSync(join(root, 'schema/api.graphql'), 'utf8'));
let folder: string;
beforeAll(() => {
  // Inside the project, so that the compiler finds what the files of the components import.
  folder = mkdtempSync(join(here, 'result-types-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Believed {
  readonly file: string;
  readonly operation: string;
  readonly type: string;
}

/** `interface XyZ` in the file of the operation `xyZ` is what its element takes the answer for. */
async function beliefs(): Promise<Believed[]> {
  const found = await Promise.all(
    globSync('*/*.operations.ts', { cwd: here }).map(async (file) => {
      const text = readFileSync(join(here, file), 'utf8');
      const module = (await import(pathToFileURL(join(here, file)).href)) as Record<string, unknown>;
      return Object.entries(module).flatMap(([name, operation]) => {
        const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
        const believed =
          text.includes(`Answer to \`${name}\``) && text.includes(`export interface ${type} {`);
        return typeof operation === 'string' && believed ? [{ file, operation, type }] : [];
      });
    }),
  );
  return found.flat();
}

/** What the compiler has against taking each answer for what its element believes it to be. */
function complaints(answers: readonly (Believed & { readonly answered: string })[]): string[] {
  const lines = answers.map(({ file, type, answered }, index) => {
    const path = JSON.stringify(`../${file}`);
    return `declare const a${index}: ${answered};\nexport const ${type}${index}: import(${path}).${type} = a${index};`;
  });
  writeFileSync(join(folder, 'answers.ts'), lines.join('\n'));
  const config = { extends: '../../tsconfig.json', files: ['answers.ts'], include: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' });
    return [];
  } catch (error) {
    return String((error as { stdout: string }).stdout)
      .split('\n')
      .filter((line) => line.includes('error TS'));
  }
}

test('every answer is what its element takes it for', async () => {
  const believed = await beliefs();
  expect(believed.length).toBeGreaterThanOrEqual(12);
  const answers = believed.map((one) => ({ ...one, answered: resultType(schema, one.operation) }));
  expect(complaints(answers)).toEqual([]);
});

test('a field that may be null but is not believed to be is found', async () => {
  const [one] = (await beliefs()).filter(({ type }) => type === 'AuditVerification');
  if (!one) throw new Error('There is no AuditVerification any more');
  const answered = resultType(schema, one.operation).replace('valid: boolean', 'valid: boolean | null');
  expect(complaints([{ ...one, answered }]).join()).toContain('boolean | null');
});
