// Runs before every npm script: installs what package-lock.json names when it is not what is installed, and
// builds the web components when their sources changed. Says one line for each thing it does, on stderr.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node, npm, root, runQuietly } from './toolchain.mjs';

const modules = join(root, 'node_modules');
const lockStamp = join(modules, '.crossfoot-lock');
const buildStamp = join(modules, '.crossfoot-web-components');
const webComponents = join(root, 'web-components');

installPackages();
buildWebComponents();

function installPackages() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  if (existsSync(node) && (read(lockStamp) === wanted || isInstalled(JSON.parse(lock)))) {
    if (read(lockStamp) !== wanted) writeFileSync(lockStamp, wanted);
    return;
  }
  process.stderr.write('Installing the packages that package-lock.json names (npm ci) …\n');
  stopUnless(npm('ci', '--no-audit', '--no-fund', '--loglevel=error'), 'npm ci');
  const version = runQuietly(node, ['--version']);
  const needed = Number(/^v(\d+)/.exec(version.output)?.[1]) >= 24;
  if (!version.ok || !needed) {
    const why = 'node_modules/.bin/node is not the Node 24 this project runs on';
    const what = 'allow install scripts (npm config set ignore-scripts false) and run npm ci again';
    stopUnless({ ok: false, output: `${why}: ${what}.\n${version.output}` }, 'npm ci');
  }
  writeFileSync(lockStamp, wanted);
}

/** Compares with what npm says it installed, so that a plain `npm ci` or `npm install` is not repeated. */
function isInstalled(lock) {
  const installed = read(join(modules, '.package-lock.json'));
  if (installed === undefined) return false;
  const present = JSON.parse(installed).packages;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '' || wanted.link || !path.startsWith('node_modules/')) return true;
    const found = present[path];
    return found === undefined
      ? (wanted.optional ?? wanted.devOptional ?? false)
      : found.version === wanted.version;
  });
}

function buildWebComponents() {
  const description = read(join(webComponents, 'package.json'));
  if (description === undefined || JSON.parse(description).scripts?.build === undefined) return;
  const wanted = hashOfSources();
  if (existsSync(join(webComponents, 'dist')) && read(buildStamp) === wanted) return;
  process.stderr.write('Building the web components …\n');
  stopUnless(npm('run', 'build', '--workspace', 'web-components'), 'the build of the web components');
  writeFileSync(buildStamp, wanted);
}

/** The names and contents of everything the build reads; tests do not count. */
function hashOfSources() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const walk = (folder) => {
    for (const name of readdirSync(folder).toSorted()) {
      const path = join(folder, name);
      if (name === 'dist' || name === 'node_modules' || name.endsWith('.test.ts')) continue;
      if (statSync(path).isDirectory()) walk(path);
      else hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0');
    }
  };
  walk(webComponents);
  return hash.digest('hex');
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function stopUnless({ ok, output }, what) {
  if (ok) return;
  process.stderr.write(`${output}\n${what} failed; its output stands above.\n`);
  process.exit(1);
}
