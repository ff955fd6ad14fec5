import { configSummary, type Config } from '#kernel/config';
import { createLog, type Log } from '#kernel/log';
import type { Observability } from '#kernel/observability';
import { showJobs, showReader } from '#kernel/process-figures';
import type { Environment } from './environment.ts';

/** Something that was started and can be stopped. */
export interface Started {
  readonly url: string;
  stop(): Promise<void>;
}

/** The log of a process; its first line says with which settings it runs, without their secrets. */
export function startLog(config: Config, name: string): Log {
  const log = createLog(config.logLevel, name);
  log.info({ settings: configSummary(config) }, 'starting');
  return log;
}

/** Shows the figures of what subgraphs stand on. */
export function showEnvironment({ registry }: Observability, { reader, jobs }: Environment): void {
  showReader(registry, reader);
  showJobs(registry, jobs);
}

interface Stoppable {
  stop(): Promise<void>;
}

/**
 * Starts parts one after another and stops them in the opposite order, at the end or when one of them cannot start,
 * so that a port that is taken leaves no server behind.
 */
export async function inOrder(
  start: (begun: <Part extends Stoppable>(part: Part) => Part) => Promise<string>,
): Promise<Started> {
  const parts: Stoppable[] = [];
  const stop = async (): Promise<void> => {
    for (let part = parts.pop(); part; part = parts.pop()) await part.stop();
  };
  try {
    const url = await start((part) => {
      parts.push(part);
      return part;
    });
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
