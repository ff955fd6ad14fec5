import { expect, test } from 'vitest';
import { createCommandDoor } from '#kernel/command-door';
import { createPool } from '#kernel/database';
import { benchActor, openBenchBook } from '../bench/bench-book.ts';
import { openBenchInstallation } from '../bench/bench-installation.ts';
import { postThroughFaults } from '../support/faults.ts';

test('what was answered stands in the books once, whatever is killed while it is posted', async () => {
  // A server of its own: its crashes end every connection.
  const installation = await openBenchInstallation();
  const { database, services } = installation;
  try {
    const pool = createPool(database, 'transactions', 2);
    const bookId = await openBenchBook(createCommandDoor({ pool, services, committed: () => undefined }));
    await pool.end();
    const figures = await postThroughFaults({ database, actor: benchActor, bookId, faults: 4 });
    expect(figures).toMatchObject({
      processKills: 2,
      serverCrashes: 2,
      lost: 0,
      doubled: 0,
      unbalanced: 0,
      gaps: 0,
    });
    expect(figures.acknowledged).toBeGreaterThan(10);
    expect(figures.posted).toBeGreaterThanOrEqual(figures.acknowledged);
  } finally {
    await installation.close();
  }
}, 240_000);
