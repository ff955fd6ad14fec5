import { rememberingMap } from '../operations/remembering-map.ts';

const rememberedKeys = 10_000;

/** Which of the things one has read about may have changed since. */
export interface Overtaking {
  /** The present mark, to be taken before reading. */
  mark(): number;
  /** The thing has changed. */
  changed(key: string): void;
  /** Whether it has changed after the mark was taken. */
  since(key: string, mark: number): boolean;
}

/** Counts changes; it needs no clock, because a mark and a change are taken by the same process. */
export function overtaking(): Overtaking {
  const changes = rememberingMap<string, number>(rememberedKeys);
  let count = 0;
  return {
    mark: () => count,
    changed(key) {
      count += 1;
      changes.keep(key, count);
    },
    since: (key, mark) => (changes.get(key) ?? 0) > mark,
  };
}
