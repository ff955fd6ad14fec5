import type { EventFacts, EventType } from '#kernel/events';

/** Facts of an event as the JSON text they are stored as. */
export class WrittenFacts {
  readonly json: string;

  constructor(json: string) {
    this.json = json;
  }
}

/**
 * Writes the facts of an event but for those that are told later, of which there is at least one: a command that raises
 * a thousand events has time to write them while the database is at work.
 */
export function writeFacts<T extends EventType, Later extends keyof EventFacts[T]>(
  facts: Omit<EventFacts[T], Later>,
): (later: Pick<EventFacts[T], Later>) => WrittenFacts {
  const written = JSON.stringify(facts).slice(1);
  return (later) => {
    const told = JSON.stringify(later);
    return new WrittenFacts(written === '}' ? told : `${told.slice(0, -1)},${written}`);
  };
}
