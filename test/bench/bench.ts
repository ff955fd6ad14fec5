import { benchBalances } from './balances.ts';
import { benchForecast } from './forecast.ts';
import { benchFaults } from './faults.ts';
import { benchGateway } from './gateway/bench-gateway.ts';
import { benchGatewayInProcess } from './gateway-in-process.ts';
import { benchImport } from './import.ts';
import { benchLive } from './live.ts';
import { benchPosting } from './posting.ts';
import { benchReconciliation } from './reconciliation/bench-reconciliation.ts';
import { interrupt } from './rounds.ts';

type Bench = (print: (line: string) => void, parameters: readonly string[]) => Promise<void>;

/** Each bench and what it measures against what. */
const benches: Readonly<Record<string, Bench>> = {
  posting: benchPosting,
  balances: benchBalances,
  faults: benchFaults,
  gateway: benchGateway,
  'gateway-in-process': benchGatewayInProcess,
  live: benchLive,
  import: benchImport,
  forecast: benchForecast,
  reconciliation: benchReconciliation,
};

// A bench has a database server running that must not outlive it; a reader that has seen enough ends it too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
process.stdout.on('error', interrupt);

const [name = '--list', ...parameters] = process.argv.slice(2);
const bench = benches[name];
try {
  if (name === '--list') process.stdout.write(`${Object.keys(benches).join('\n')}\n`);
  else if (bench) await bench((line) => process.stdout.write(`${line}\n`), parameters);
  else throw new Error(`There is no bench ${name}; there are ${Object.keys(benches).join(', ')}`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
