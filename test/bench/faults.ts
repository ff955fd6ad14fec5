import { parseArgs } from 'node:util';
import { createCommandDoor } from '#kernel/command-door';
import { createPool } from '#kernel/database';
import { postThroughFaults } from '../support/faults.ts';
import { benchActor, openBenchBook } from './bench-book.ts';
import { openBenchInstallation } from './bench-installation.ts';
import { machine } from './rounds.ts';

/** Posting through kills of the process and crashes of the database: what was answered must stand in the books once. */
export async function benchFaults(
  print: (line: string) => void,
  parameters: readonly string[],
): Promise<void> {
  const { values } = parseArgs({ args: [...parameters], options: { faults: { type: 'string' } } });
  const installation = await openBenchInstallation();
  const { database, services } = installation;
  try {
    const pool = createPool(database, 'transactions', 2);
    const bookId = await openBenchBook(createCommandDoor({ pool, services, committed: () => undefined }));
    await pool.end();
    const faults = Number(values.faults ?? 50);
    const figures = await postThroughFaults({ database, actor: benchActor, bookId, faults });
    print(
      JSON.stringify({
        bench: 'faults',
        case: `posting through ${faults} faults`,
        unit: 'entries',
        ...figures,
        ...machine,
      }),
    );
    const { lost, doubled, unbalanced, gaps } = figures;
    if (lost + doubled + unbalanced + gaps > 0) throw new Error('The books lost, doubled or tore an entry');
  } finally {
    await installation.close();
  }
}
