import { startJobs } from '#kernel/jobs';
import { createEventReader } from '#kernel/relay';
import { startSubgraph, type RunningSubgraph } from '#kernel/subgraph-runtime';
import { inProcessSource } from '../../gateway/sources/in-process-source.ts';
import type { SubgraphSources } from '../../gateway/sources/subgraph-source.ts';
import { subgraphs } from '../../commands/subgraphs.ts';
import type { BenchInstallation } from './bench-installation.ts';

/** Every subgraph at work in this process. */
export interface BenchPlatform {
  readonly running: readonly RunningSubgraph[];
  readonly sources: SubgraphSources;
  find(name: string): RunningSubgraph;
  stop(): Promise<void>;
}

/** Starts every subgraph over a bench's database. */
export async function startBenchPlatform({
  database,
  services,
  config,
}: BenchInstallation): Promise<BenchPlatform> {
  const reader = await createEventReader(database, services.log, config);
  const jobs = await startJobs(database, services.log);
  const running: RunningSubgraph[] = [];
  for (const subgraph of subgraphs) {
    running.push(await startSubgraph(subgraph, { database, services, reader, jobs }));
  }
  return {
    running,
    sources: Object.fromEntries(running.map((one) => [one.name, inProcessSource(one)])),
    find(name) {
      const found = running.find((one) => one.name === name);
      if (!found) throw new Error(`There is no subgraph ${name}`);
      return found;
    },
    async stop() {
      for (const one of running) await one.stop();
      await jobs.stop();
      await reader.stop();
    },
  };
}
