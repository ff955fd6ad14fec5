import type { Config, SubgraphName } from '#kernel/config';
import type { Started } from './started.ts';

/** Runs the gateway until it is told to stop. */
export async function serveGatewayAlone(config: Config, supergraphFile: string | undefined): Promise<void> {
  const [{ standsAlone, startRouterProcess }, { startGatewayProcess }] = await Promise.all([
    import('./open-router.ts'),
    import('./start-gateway.ts'),
  ]);
  const started = standsAlone(config, supergraphFile)
    ? await startRouterProcess(config, supergraphFile)
    : await startGatewayProcess(config, supergraphFile);
  process.stdout.write(`crossfoot ready ${started.url}\n`);
  await untilStopped(started);
}

/** Runs one subgraph until it is told to stop. */
export async function serveSubgraphAlone(config: Config, name: SubgraphName | undefined): Promise<void> {
  if (!name) throw new Error('Name the subgraph: node main.ts subgraph NAME');
  const { startSubgraphProcess } = await import('./start-subgraph.ts');
  const started = await startSubgraphProcess(config, name);
  process.stdout.write(`subgraph ${name} ready ${started.url}\n`);
  await untilStopped(started);
}

/** Waits for SIGINT or SIGTERM, then stops in order; a second signal ends the process at once. */
export async function untilStopped(started: Started): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
  await started.stop();
}
