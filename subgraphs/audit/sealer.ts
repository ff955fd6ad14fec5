import { maintenanceTransaction } from '#kernel/maintenance';
import { sleep } from '#kernel/sleep';
import type { Background, BackgroundContext } from '#kernel/subgraph';
import { sealStaged } from './seal.ts';

/** Commits that come close together are sealed in one batch. */
const gatherMilliseconds = 20;
const retryMilliseconds = 250;

/** Seals what commands leave, soon after each commit, for as long as it runs; a failure is logged and tried again. */
export function startSealer({ pool, services, onCommit }: BackgroundContext): Background {
  const stopping = new AbortController();
  let pending = true;
  let wake: () => void = () => undefined;
  const stopListening = onCommit(() => {
    pending = true;
    wake();
  });
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      pending = false;
      try {
        await sealStaged((one) => maintenanceTransaction(pool, one));
      } catch (error) {
        services.log.warn({ err: error }, 'sealing the audit log is tried again');
        pending = true;
        await sleep(retryMilliseconds, stopping.signal);
      }
      if (!pending && !stopping.signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      await sleep(gatherMilliseconds, stopping.signal);
    }
  };
  const done = work();
  return {
    async stop() {
      stopping.abort();
      stopListening();
      wake();
      await done;
    },
  };
}
