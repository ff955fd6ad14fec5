import { benchGateway } from './gateway.ts';
import { benchPosting } from './posting.ts';

/** Each bench and what it measures against what. */
const benches: Readonly<Record<string, (print: (line: string) => void) => Promise<void>>> = {
  posting: benchPosting,
  gateway: benchGateway,
};

const [name = '--list'] = process.argv.slice(2);
const bench = benches[name];
try {
  if (name === '--list') process.stdout.write(`${Object.keys(benches).join('\n')}\n`);
  else if (bench) await bench((line) => process.stdout.write(`${line}\n`));
  else throw new Error(`There is no bench ${name}; there are ${Object.keys(benches).join(', ')}`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
