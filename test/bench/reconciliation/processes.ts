import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { throwIfInterrupted } from '../rounds.ts';
import type { Recipe } from './maker.ts';

/** Does its work with a folder that is gone afterwards. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  throwIfInterrupted();
  const folder = mkdtempSync(join(tmpdir(), 'crossfoot-reconciliation-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Books are made in a process of their own, so that none of it is in what is measured. */
export async function generate(recipe: Recipe, folder: string): Promise<void> {
  const options = Object.entries(recipe).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const script = join(import.meta.dirname, 'generate.ts');
  await spawned(['--max-old-space-size=6000', script, ...options, '--out', folder]);
}

/** Runs a script in a process of its own, with little more memory than it may take, and answers the figures it prints. */
export async function run<Figures>(parameters: readonly string[]): Promise<Figures> {
  return JSON.parse(await spawned(['--max-old-space-size=2300', ...parameters])) as Figures;
}

async function spawned(parameters: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const said = await text(child.stdout);
  const code = await ended;
  if (code !== 0) throw new Error(`${parameters.join(' ')} ended with ${code}`);
  return said;
}
