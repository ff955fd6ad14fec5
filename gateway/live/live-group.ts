import type { Actor } from '#kernel/actor';
import { laterPosition, type DomainEvent, type EventPosition } from '#kernel/events';
import { sleep } from '#kernel/sleep';
import { codedError, toClientError, type ClientError } from '../error-format.ts';
import type { EventStream } from './event-stream.ts';
import { canJoin, continues, openLine, type HistoryLimits, type Line } from './live-line.ts';
import type { Member } from './member.ts';
import type { Rendered } from './render-messages.ts';
import { messageBatch, type LiveMessage, type MessageBatch } from './message-batch.ts';

const renderedTogether = 64;

/** What may wait for a client that has come to the present; one that has more is ended. */
const congestedBytes = 2 * 1024 * 1024;

/** What is sent ahead to a client that catches up, before it is waited for. */
const sentAheadBytes = 512 * 1024;

/** How long is waited before what a subgraph could not render is tried again; then the members are ended. */
const retryMilliseconds = [100, 400, 1_000, 2_000, 4_000, 8_000];

/** How long a client that catches up may take nothing. */
const stalledMilliseconds = 10_000;

interface GroupOptions {
  readonly openStream: (after: EventPosition) => EventStream;
  /** Renders events once for everybody; fails by saying so, not by throwing. */
  readonly render: (events: readonly DomainEvent[], actor: Actor) => Promise<Rendered>;
  readonly history: HistoryLimits;
  readonly delivered: (messages: number) => void;
  /** Called when the last member has left. */
  readonly emptied: () => void;
}

/** Everybody who gets the same messages: each event is filtered, rendered and serialised once for all of them. */
export interface LiveGroup {
  /** Gives the member all messages behind its place, from now on. */
  join(member: Member): void;
  leave(member: Member): void;
  /** Ends every member with an error. */
  end(error: ClientError): void;
}

/** Makes an empty group. */
export function createGroup(options: GroupOptions): LiveGroup {
  return new Group(options);
}

/**
 * A group usually has one line, on which all stand at the present. Whoever resumes from a place that is no longer kept
 * gets a line of its own, which catches up and whose members then change over to the line ahead.
 */
class Group implements LiveGroup {
  readonly #options: GroupOptions;
  readonly #everybody = new Set<Member>();
  readonly #lines = new Set<Line>();

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  join(member: Member): void {
    this.#everybody.add(member);
    this.#takeIn(member);
  }

  leave(member: Member): void {
    member.gone = true;
    for (const line of this.#lines) this.#leaveLine(line, member);
    if (this.#everybody.delete(member) && this.#everybody.size === 0) this.#options.emptied();
  }

  end(error: ClientError): void {
    for (const member of this.#everybody) this.#cut(member, error);
  }

  #takeIn(member: Member): void {
    if (member.gone) return;
    const line = [...this.#lines].find((one) => canJoin(one, member.place)) ?? this.#begin(member.place);
    this.#joinLine(line, member);
  }

  #begin(after: EventPosition): Line {
    const { openStream, history } = this.#options;
    const line = openLine(openStream(after), after, history);
    this.#lines.add(line);
    this.#run(line).catch((error: unknown) => {
      for (const member of line.members) this.#cut(member, toClientError(error));
    });
    return line;
  }

  async #run(line: Line): Promise<void> {
    for (let events = await line.next(); events; events = await line.next()) {
      for (let from = 0; from < events.length; from += renderedTogether) {
        await this.#render(line, events.slice(from, from + renderedTogether));
      }
      line.done();
      this.#changeOver(line);
    }
  }

  /** Renders events and hands them out. A subgraph that is away for a moment ends nobody. */
  async #render(line: Line, events: readonly DomainEvent[]): Promise<void> {
    let rest = events;
    for (const pause of [...retryMilliseconds, undefined]) {
      const [reader] = line.members;
      if (!reader) return;
      const { messages, failure } = await this.#options.render(rest, reader.actor);
      this.#handOut(line, messages);
      if (!failure) return;
      if (failure.extensions.code !== 'UNAVAILABLE' || pause === undefined) throw failure;
      rest = rest.slice(messages.length);
      await sleep(pause);
    }
  }

  #handOut(line: Line, messages: readonly LiveMessage[]): void {
    const batch = messageBatch(messages);
    if (!batch) return;
    line.keep(batch);
    for (const member of line.members) {
      const part = batch.behind(member.place);
      if (part) this.#hand(line, member, part);
    }
  }

  #hand(line: Line, member: Member, batch: MessageBatch): void {
    const queued = member.receiver.queuedBytes();
    if (line.live ? queued > congestedBytes : queued > sentAheadBytes) {
      if (line.live) this.#cut(member, overflow());
      else this.#park(line, member);
      return;
    }
    member.receiver.send(batch);
    member.place = batch.last;
    member.cursor = batch.last;
    this.#options.delivered(batch.messages.length);
  }

  /** Lets the members change over to a line that is ahead and has all they need. */
  #changeOver(line: Line): void {
    const ahead = [...this.#lines].find((one) => one !== line && continues(one, line));
    if (!ahead) return;
    const reached = line.upTo;
    for (const member of line.members) {
      member.place = laterPosition(member.place, reached);
      this.#leaveLine(line, member);
      this.#joinLine(ahead, member);
    }
  }

  /** Lets a line go on without a member until the member has taken what waits for it. */
  #park(line: Line, member: Member): void {
    this.#leaveLine(line, member);
    const timer = setTimeout(() => this.#cut(member, overflow()), stalledMilliseconds).unref();
    member.receiver.onDrain(() => {
      clearTimeout(timer);
      this.#takeIn(member);
    });
  }

  #cut(member: Member, error: ClientError): void {
    if (member.gone) return;
    this.leave(member);
    member.receiver.end(error);
  }

  #joinLine(line: Line, member: Member): void {
    const missed = line.join(member);
    if (missed) this.#hand(line, member, missed);
  }

  #leaveLine(line: Line, member: Member): void {
    line.leave(member);
    if (line.members.size > 0) return;
    line.end();
    this.#lines.delete(line);
  }
}

function overflow(): ClientError {
  return toClientError(
    codedError('SUBSCRIPTION_OVERFLOW', 'The client does not take its messages as fast as they come'),
  );
}
