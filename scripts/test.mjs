// `npm test`: every test, browser tests included. Says which tests were skipped and why; the last line is
// `N passed, N failed`, with `, N skipped` where there were any. With CROSSFOOT_CI=true a skipped test fails
// the run, unless it is one over outside data that this machine does not have.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node, root, run } from './toolchain.mjs';

const folder = mkdtempSync(join(tmpdir(), 'crossfoot-test-'));
const report = join(folder, 'report.json');
const code = await run(
  node,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=./scripts/test-report.mjs',
    ...process.argv.slice(2),
  ],
  { CROSSFOOT_TEST_REPORT: report },
);
const { passed, failures, skipped } = existsSync(report)
  ? JSON.parse(readFileSync(report, 'utf8'))
  : {
      passed: 0,
      failures: ['the test runner stopped before it could report; its output stands above'],
      skipped: [],
    };
rmSync(folder, { recursive: true, force: true });

if (code !== 0 && failures.length === 0) failures.push(`the test runner ended with exit code ${code}`);
if (skipped.length > 0) {
  console.log(`\nSkipped, so nothing is known about it here:`);
  for (const [why, tests] of Map.groupBy?.(skipped, (one) => one.why) ?? grouped(skipped)) {
    console.log(`  ${why}`);
    for (const one of tests) console.log(`    ${one.file}: ${one.name}`);
  }
}
const forbidden = process.env.CROSSFOOT_CI === 'true' ? skipped.filter((one) => !one.excused) : [];
for (const one of forbidden) failures.push(`skipped in CI: ${one.file}: ${one.name} (${one.why})`);
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((one) => `  ${one}`).join('\n')}`);
if (passed + failures.length === 0) console.log('\nNo test ran.');

const skips = skipped.length - forbidden.length;
console.log(`${passed} passed, ${failures.length} failed${skips > 0 ? `, ${skips} skipped` : ''}`);
process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;

/** Groups by reason on a Node that has no Map.groupBy. */
function grouped(list) {
  const groups = new Map();
  for (const one of list) groups.set(one.why, [...(groups.get(one.why) ?? []), one]);
  return groups;
}
