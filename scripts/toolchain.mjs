// Shared by the scripts of this folder. They start on whatever Node the machine has (20 or newer) and hand
// the work to the Node 24 that package-lock.json installs.
import { spawn, spawnSync } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';

/** The root of the repository. */
export const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');

/** The folder of the installed programs. */
export const bin = join(root, 'node_modules', '.bin');

/** The installed Node 24. */
export const node = join(bin, 'node');

/** The environment in which `node` and every installed program are found first. */
export function environment(extra = {}) {
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, ...extra };
}

/** Runs a program to its end, its output straight to ours; resolves to the exit code, 1 for a signal. */
export function run(program, parameters, extra = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, parameters, { cwd: root, stdio: 'inherit', env: environment(extra) });
    child.on('error', fail);
    child.on('exit', (code) => done(code ?? 1));
  });
}

/** Runs a program quietly; answers whether it succeeded and what it printed. */
export function runQuietly(program, parameters) {
  const options = { cwd: root, env: environment(), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
  const { status, stdout, stderr, error } = spawnSync(program, parameters, options);
  return { ok: status === 0, output: [stdout, stderr, error?.message].filter(Boolean).join('\n').trim() };
}

/** Runs npm: the one that runs this script where there is one, so that its settings hold. */
export function npm(...parameters) {
  const script = process.env.npm_execpath;
  const interpreter = process.env.npm_node_execpath;
  // Where npm itself runs on the installed Node 24, `npm ci` would delete the interpreter under its feet.
  const usable = script !== undefined && interpreter !== undefined && !interpreter.startsWith(root);
  return usable ? runQuietly(interpreter, [script, ...parameters]) : runQuietly('npm', parameters);
}
