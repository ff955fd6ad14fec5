import { rememberingMap } from '../operations/remembering-map.ts';

/**
 * The content type that Apollo Server chose for an `Accept` header, learned from its own answers, so that a short
 * answer carries what a long one would have carried.
 */
export interface LearnedTypes {
  of(accept: string | undefined): string | undefined;
  learn(accept: string | undefined, contentType: unknown): void;
}

/** Starts with nothing learned; forgets rare headers. */
export function learnedTypes(): LearnedTypes {
  const types = rememberingMap<string, string>(100);
  return {
    of: (accept) => types.get(accept ?? ''),
    learn(accept = '', contentType) {
      const json = typeof contentType === 'string' && contentType.includes('json');
      if (json && accept.length < 500) types.keep(accept, contentType);
    },
  };
}
