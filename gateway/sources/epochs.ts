/** Where rows of no organisation are written, so that any organisation may be meant. */
const everybody = 'platform';
const organisationsAtMost = 50_000;

/**
 * Counts what changed an organisation. What was read in one epoch may be shown to nobody who began to ask in a later
 * one: an epoch is raised when a write begins, when it ends, and when an event of it is seen.
 */
export interface Epochs {
  /** The present epoch of an organisation; it only ever grows. */
  of(organisationId: string): number;
  /** Begins a new epoch of an organisation; of all, for the platform's administrator. */
  raise(organisationId: string): void;
  /** Begins a new epoch of all organisations. */
  raiseAll(): void;
}

/** Epochs of a gateway; all that share answers must look at the same. */
export function createEpochs(): Epochs {
  const epochs = new Map<string, number>();
  let count = 0;
  let floor = 0;
  const raiseAll = (): void => {
    epochs.clear();
    count += 1;
    floor = count;
  };
  return {
    of: (organisationId) => epochs.get(organisationId) ?? floor,
    raise(organisationId) {
      if (organisationId === everybody || epochs.size >= organisationsAtMost) raiseAll();
      else epochs.set(organisationId, (count += 1));
    },
    raiseAll,
  };
}
