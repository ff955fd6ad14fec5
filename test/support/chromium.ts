import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const debianChromium = '/usr/bin/chromium';
const cache = resolve(import.meta.dirname, '../../node_modules/.cache/crossfoot-chromium-153.0.0');

interface FoundChromium {
  readonly executablePath: string;
  readonly env: Record<string, string>;
}

/**
 * Finds a Chromium that starts here: the one of CHROMIUM_PATH, else Debian's, else the one packed in
 * the npm package @sparticuz/chromium. Throws when CHROMIUM_PATH names a file that is not there.
 */
export async function findChromium(): Promise<FoundChromium> {
  const wanted = process.env['CHROMIUM_PATH'];
  if (wanted) {
    if (!existsSync(wanted)) throw new Error(`CHROMIUM_PATH names ${wanted}, which is not there.`);
    return { executablePath: wanted, env: {} };
  }
  if (existsSync(debianChromium)) return { executablePath: debianChromium, env: {} };
  return packedChromium();
}

/**
 * Unpacks the packed Chromium once into node_modules/.cache and returns it with the environment it needs.
 * Processes unpack beside each other and the first complete folder wins, because the package writes the
 * executable in place and would hand a half-written one to whoever asks at that moment.
 */
export async function packedChromium(): Promise<FoundChromium> {
  if (!existsSync(join(cache, 'chromium'))) {
    const own = `${cache}.${process.pid}`;
    await mkdir(own, { recursive: true });
    await unpackInto(own);
    await rename(own, cache).catch(() => rm(own, { recursive: true, force: true }));
  }
  const fontsConf = join(cache, 'fonts-of-crossfoot.conf');
  await writeFile(fontsConf, fontsConfiguration(cache));
  const libraries = join(cache, 'al2023', 'lib');
  return {
    executablePath: join(cache, 'chromium'),
    env: {
      FONTCONFIG_FILE: fontsConf,
      ...(existsSync(libraries) ? { LD_LIBRARY_PATH: libraries } : {}),
    },
  };
}

async function unpackInto(folder: string): Promise<void> {
  const before = { tmp: process.env['TMPDIR'], runtime: process.env['AWS_LAMBDA_JS_RUNTIME'] };
  // The package decides at import time where to unpack and whether to bring its shared libraries along.
  process.env['TMPDIR'] = folder;
  if (!systemLibrariesPresent()) process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs24.x';
  try {
    const { default: packed } = await import('@sparticuz/chromium');
    await packed.executablePath();
  } finally {
    restore('TMPDIR', before.tmp);
    restore('AWS_LAMBDA_JS_RUNTIME', before.runtime);
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

function systemLibrariesPresent(): boolean {
  return ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib', '/lib64'].some(
    (folder) => existsSync(join(folder, 'libnspr4.so')),
  );
}

function fontsConfiguration(folder: string): string {
  // The package's own fonts.conf names a fixed temporary folder; with any other one all text vanishes.
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;
}

/** Starts a headless Chromium whose pixels do not depend on the machine's hinting; close it after use. */
export async function launchChromium(): Promise<Browser> {
  const { executablePath, env } = await findChromium();
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return chromium.launch({
    executablePath,
    headless: true,
    env: { ...inherited, ...env },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--font-render-hinting=none',
      '--disable-lcd-text',
      '--force-color-profile=srgb',
    ],
  });
}
