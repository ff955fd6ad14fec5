import { readStatementFile } from '../../connectors/formats/statement-formats.ts';
import { statementFaults } from '../support/statement-faults.ts';
import { caseOf, type FuzzPlan } from './fuzz-cases.ts';

/** What one case did: CPU milliseconds, megabytes of memory at its highest since the start, what was wrong. */
export interface FuzzOutcome {
  readonly index: number;
  readonly milliseconds: number;
  readonly megabytes: number;
  readonly entries: number;
  readonly faults: readonly string[];
}

/** Reads the cases of a plan one after the other in this process, whose memory its parent has limited. */
async function run(plan: FuzzPlan): Promise<void> {
  for (let index = plan.first; index < plan.end; index += 1) {
    const { bytes, path } = caseOf(plan, index);
    const before = process.cpuUsage();
    const { entries, faults } = await readCase(bytes, path);
    const { user, system } = process.cpuUsage(before);
    const outcome: FuzzOutcome = {
      index,
      milliseconds: Math.round((user + system) / 1000),
      megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
      entries,
      faults,
    };
    await new Promise<void>((resolve) => process.send?.(outcome, undefined, undefined, () => resolve()));
  }
  process.disconnect();
}

async function readCase(bytes: Buffer, path: string): Promise<{ entries: number; faults: string[] }> {
  try {
    const file = await readStatementFile(bytes, path, { account: { currency: 'EUR' } });
    const entries = file.statements.reduce((sum, statement) => sum + statement.lines.length, 0);
    return { entries, faults: statementFaults(file) };
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { entries: 0, faults: [`thrown: ${message.split('\n').slice(0, 4).join(' | ')}`] };
  }
}

process.once('message', (plan: FuzzPlan) => void run(plan));
