import { usageOf } from '../gateway/processes.ts';
import { median } from '../rounds.ts';
import type { Load } from './load.ts';

/** Something that brings events to clients. */
export interface Contender {
  readonly load: Load;
  readonly subscribers: number;
  /** The process that sends them to the clients. */
  readonly pid: number;
  /** Sends so many events; answers the marks by which they are told in the messages. */
  send(events: number): Promise<readonly string[]>;
  /** When the event of a mark was sent, in milliseconds. */
  sentAt(mark: string): number | undefined;
}

/** How many events may be under way at a time when as much as possible is sent. */
export const windowOfEvents = 64;

/** What a side delivers when it has as much to do as it can. */
export interface Saturated {
  readonly perSecond: number;
  /** Processor time of the server for one message; not a number where the system does not tell. */
  readonly cpuMicroseconds: number;
}

/** Sends as much as the clients take, never more than the window ahead. */
export async function saturate(contender: Contender, milliseconds: number): Promise<Saturated> {
  const { load, subscribers } = contender;
  const before = load.messages();
  let sent = 0;
  const underWay = (): number => sent - (load.messages() - before) / subscribers;
  const run = async (time: number): Promise<void> => {
    const end = performance.now() + time;
    while (performance.now() < end) {
      const room = Math.floor(windowOfEvents - underWay());
      if (room < windowOfEvents / 4) {
        await new Promise((done) => setTimeout(done, 2));
        continue;
      }
      await contender.send(room);
      sent += room;
    }
  };
  await run(milliseconds / 3);
  const cpu = (): number => usageOf(contender.pid)?.cpuMilliseconds ?? Number.NaN;
  const [from, start, used] = [load.messages(), performance.now(), cpu()];
  await run(milliseconds);
  const delivered = load.messages() - from;
  const found = {
    perSecond: (delivered * 1000) / (performance.now() - start),
    cpuMicroseconds: ((cpu() - used) * 1000) / delivered,
  };
  await drained(contender, before + sent * subscribers);
  load.takeArrivals();
  return found;
}

/** What clients saw of events sent at an even pace. */
export interface Paced {
  readonly deliveredPerSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Sends events at a pace and answers how long they took to the clients that are sampled. */
export async function pace(
  contender: Contender,
  { perSecond, milliseconds }: { readonly perSecond: number; readonly milliseconds: number },
): Promise<Paced> {
  const { load, subscribers } = contender;
  load.takeArrivals();
  const [before, start] = [load.messages(), performance.now()];
  let sent = 0;
  for (;;) {
    const elapsed = performance.now() - start;
    if (elapsed > milliseconds) break;
    const due = Math.floor((elapsed * perSecond) / 1000) - sent;
    if (due > 0) {
      sent += due;
      await contender.send(due);
    } else {
      await new Promise((done) => setTimeout(done, 1));
    }
  }
  await drained(contender, before + sent * subscribers);
  const took = performance.now() - start;
  const delays = load
    .takeArrivals()
    .map(([mark, at]) => at - (contender.sentAt(mark) ?? Number.NaN))
    .filter((delay) => !Number.isNaN(delay))
    .toSorted((a, b) => a - b);
  const at = (share: number): number => delays[Math.floor(delays.length * share)] ?? Number.NaN;
  return { deliveredPerSecond: (sent * subscribers * 1000) / took, p50: median(delays), p99: at(0.99) };
}

/** Waits until all messages have arrived; throws when some do not, because a bench that loses measures nothing. */
async function drained({ load }: Contender, expected: number): Promise<void> {
  const end = performance.now() + 60_000;
  while (load.messages() < expected) {
    if (performance.now() > end) throw new Error(`${expected - load.messages()} messages did not arrive`);
    await new Promise((done) => setTimeout(done, 10));
  }
  if (load.messages() > expected) throw new Error('More messages arrived than were sent');
}
