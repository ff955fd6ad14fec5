import type { Log } from '#kernel/log';
import type { SupergraphOffer } from '../gateway/graph/supergraph-offers.ts';
import { watchTextFile } from './watched-file.ts';

interface FollowOptions {
  readonly gateway: { offer(offer: SupergraphOffer): unknown };
  readonly file: string;
  /** What the gateway serves of it now. */
  readonly supergraphSdl: string;
  readonly log: Log;
}

/**
 * Offers the gateway its supergraph file after each change of it. SIGHUP offers it, too, and takes it even if it breaks
 * operations in use: an operator who sends it has decided.
 */
export function followSupergraphFile(options: FollowOptions): { stop(): Promise<void> } {
  const { gateway, file, log } = options;
  const watched = watchTextFile({
    file,
    text: options.supergraphSdl,
    log,
    changed: (supergraphSdl, asked) => void gateway.offer({ supergraphSdl, evenIfBreaking: asked }),
  });
  const hangUp = (): void => void watched.readNow();
  process.on('SIGHUP', hangUp);
  return {
    stop() {
      process.off('SIGHUP', hangUp);
      return watched.stop();
    },
  };
}
