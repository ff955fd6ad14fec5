import { PgBoss } from 'pg-boss';
import type pg from 'pg';
import type { CommandDoor } from '#kernel/command-door';
import { roleUrl, type Database } from '#kernel/database';
import type { Log } from '#kernel/log';
import type { Services, WakeJob } from '#kernel/services';
import type { Job } from '#kernel/subgraph';

/** The background jobs of one process. */
export interface Jobs {
  readonly wake: WakeJob;
  /** Takes over the jobs of a subgraph: their queues, their schedules, their work. */
  work(
    jobs: readonly Job[],
    context: { services: Services; door: CommandDoor; pool: pg.Pool },
  ): Promise<void>;
  /** How many jobs wait and run, by queue of this process. */
  backlog(): Promise<readonly { queue: string; ready: number; active: number }[]>;
  stop(): Promise<void>;
}

/** Starts the job engine (pg-boss, schema `jobs`). Jobs only wake work; what is to be done stands in our own tables. */
export async function startJobs(database: Database, log: Log): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: roleUrl(database, 'jobs'),
    schema: 'jobs',
    createSchema: false,
    application_name: 'crossfoot_jobs',
    max: 4,
    useListenNotify: true,
  });
  boss.on('error', (error) => log.warn({ problem: error.message }, 'the job engine reports'));
  await boss.start();
  const known = new Set<string>();
  const ensureQueue = async (name: string): Promise<void> => {
    if (known.has(name)) return;
    await boss.createQueue(name, {
      policy: 'short',
      retryLimit: 20,
      retryDelay: 1,
      retryBackoff: true,
      expireInSeconds: 300,
      // Workers hear of a job at once instead of at their next look.
      notify: true,
    });
    known.add(name);
  };
  return {
    async wake(name, data) {
      await ensureQueue(name);
      await boss.send(name, data, { singletonKey: JSON.stringify(data) });
    },
    async work(jobs, context) {
      for (const job of jobs) {
        await ensureQueue(job.name);
        await boss.work<Record<string, string>>(
          job.name,
          { pollingIntervalSeconds: 1, localConcurrency: job.concurrency ?? 1 },
          async (batch) => {
            for (const one of batch) await job.run(one.data ?? {}, context);
          },
        );
        if (job.schedule) await boss.schedule(job.name, job.schedule, {});
        if (job.atStart) await boss.send(job.name, {}, { singletonKey: 'start' });
      }
    },
    backlog: () =>
      Promise.all(
        [...known].map(async (queue) => {
          const [latest] = await boss.getQueueStats(queue);
          return { queue, ready: latest?.readyCount ?? 0, active: latest?.activeCount ?? 0 };
        }),
      ),
    async stop() {
      await boss.stop({ graceful: true, timeout: 10_000 });
    },
  };
}
