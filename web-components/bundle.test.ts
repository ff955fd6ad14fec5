import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

test('all elements together stay below 58 kB compressed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crossfoot-bundle-'));
  try {
    // As it is built to be published: NODE_ENV of tests would bring the libraries' builds for developers.
    const vite = fileURLToPath(new URL('bin/vite.js', import.meta.resolve('vite/package.json')));
    const build = [process.execPath, vite, 'build', '--outDir', folder];
    await promisify(execFile)('env', ['NODE_ENV=production', ...build], { cwd: import.meta.dirname });
    const size = gzipSync(readFileSync(join(folder, 'crossfoot.js'))).length;
    expect(size).toBeLessThan(58_000);
    expect(size).toBeGreaterThan(10_000);
    process.stdout.write(`all elements: ${Math.round(size / 1000)} kB compressed\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
