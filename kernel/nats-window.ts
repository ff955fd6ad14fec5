import { comparePositions, type DomainEvent, type EventPosition } from '#kernel/events';
import type { EventFilter } from '#kernel/outbox';

/** How much a window keeps; the oldest go first. */
export interface WindowLimits {
  readonly events: number;
  readonly bytes: number;
}

/** An event with the proof of its place: nothing lies, nor ever will, between `previous` and it. */
export interface ChainedEvent {
  readonly event: DomainEvent;
  readonly previous: EventPosition;
  /** About what it takes in memory. */
  readonly bytes: number;
}

/** The newest events in memory, without a gap from where the window starts up to where it is covered. */
export interface EventWindow {
  /** Empties the window and starts it anew at a position. */
  begin(at: EventPosition): void;
  /** Empties the window; it answers nothing until it begins again. */
  close(): void;
  /** Up to here the window knows of every event; undefined while it is closed. */
  covered(): EventPosition | undefined;
  /** Takes an event that follows on what is covered; one that is known, or that leaves a gap, is not taken. */
  offer(chained: ChainedEvent): 'taken' | 'known' | 'gap';
  /** Takes what the outbox holds behind `covered()`, complete up to `through`; answers how many were new. */
  extend(events: readonly DomainEvent[], through: EventPosition): number;
  /** The wanted events behind a position, in order; undefined when the window cannot prove that none is missing. */
  read(after: EventPosition, limit: number, filter?: EventFilter): DomainEvent[] | undefined;
}

/** Makes a closed window. */
export function createEventWindow(limits: WindowLimits): EventWindow {
  let kept: { readonly event: DomainEvent; readonly bytes: number }[] = [];
  let bytes = 0;
  let start: EventPosition | undefined;
  let covered: EventPosition | undefined;

  const append = (event: DomainEvent, size: number): void => {
    kept.push({ event, bytes: size });
    bytes += size;
    covered = event.position;
    // Let go in strides, because taking from the front of an array moves all the rest.
    if (kept.length <= limits.events * 1.25 && bytes <= limits.bytes) return;
    let drop = 0;
    while (drop < kept.length && (kept.length - drop > limits.events || bytes > limits.bytes * 0.8)) {
      start = kept[drop]?.event.position;
      bytes -= kept[drop]?.bytes ?? 0;
      drop += 1;
    }
    kept = kept.slice(drop);
  };

  return {
    begin(at) {
      [kept, bytes, start, covered] = [[], 0, at, at];
    },
    close() {
      [kept, bytes, start, covered] = [[], 0, undefined, undefined];
    },
    covered: () => covered,
    offer({ event, previous, bytes: size }) {
      if (!covered) return 'gap';
      if (comparePositions(event.position, covered) <= 0) return 'known';
      const last = kept.at(-1)?.event.position;
      // A message that claims its place over an event we hold proves nothing; the outbox decides.
      const skips = last !== undefined && comparePositions(previous, last) < 0;
      if (skips || comparePositions(previous, covered) > 0) return 'gap';
      append(event, size);
      return 'taken';
    },
    extend(events, through) {
      let taken = 0;
      for (const event of events) {
        if (!covered || comparePositions(event.position, covered) <= 0) continue;
        append(event, JSON.stringify(event.facts).length);
        taken += 1;
      }
      if (covered && comparePositions(through, covered) > 0) covered = through;
      return taken;
    },
    read(after, limit, filter = {}) {
      if (!start || comparePositions(after, start) < 0) return undefined;
      const found: DomainEvent[] = [];
      for (let index = firstBehind(kept, after); index < kept.length && found.length < limit; index += 1) {
        const event = kept[index]?.event;
        if (event && matches(event, filter)) found.push(event);
      }
      return found;
    },
  };
}

/** The index of the first event behind a position. */
function firstBehind(kept: readonly { readonly event: DomainEvent }[], after: EventPosition): number {
  let [low, high] = [0, kept.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const event = kept[middle]?.event;
    if (event && comparePositions(event.position, after) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function matches(event: DomainEvent, filter: EventFilter): boolean {
  return (
    (filter.organisationId === undefined || event.organisationId === filter.organisationId) &&
    (filter.types === undefined || filter.types.includes(event.type)) &&
    (filter.subject === undefined || event.type.startsWith(`${filter.subject}.`))
  );
}
