// `npm run check`: lint, types, format and schema drift, one line a step, every step even after a failure.
import { node, runQuietly } from './toolchain.mjs';

const steps = [
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['types', 'tsc', '--noEmit', '-p', '.'],
  ['format', 'oxfmt', '--check'],
  ['schema', node, 'main.ts', 'schema', '--check'],
];

for (const [name, program, ...parameters] of steps) {
  const started = Date.now();
  const { ok, output } = runQuietly(program, parameters);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${name.padEnd(8)}${ok ? 'ok' : 'failed'} (${seconds} s)`);
  if (ok) continue;
  console.log(output);
  process.exitCode = 1;
}
