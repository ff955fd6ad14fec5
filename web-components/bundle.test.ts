import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test } from 'vitest';

test('all elements together stay below 64 kB compressed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crossfoot-bundle-'));
  try {
    await build({ configFile: resolve(import.meta.dirname, 'vite.config.ts'), build: { outDir: folder } });
    const size = gzipSync(readFileSync(join(folder, 'crossfoot.js'))).length;
    expect(size).toBeLessThan(64_000);
    expect(size).toBeGreaterThan(10_000);
    process.stdout.write(`all elements: ${Math.round(size / 1000)} kB compressed\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
