import type { Actor } from '#kernel/actor';
import { laterPosition, type DomainEvent, type EventPosition } from '#kernel/events';
import { codedError, toClientError, type ClientError } from '../error-format.ts';
import type { EventStream } from './event-stream.ts';
import { canJoin, continues, openLine, type HistoryLimits, type Line } from './live-line.ts';
import type { Member } from './member.ts';
import type { Rendered } from './render-messages.ts';
import { messageBatch, type LiveMessage, type MessageBatch } from './message-batch.ts';

const renderedTogether = 64;

/** What may wait for a client that has come to the present; one that has more is ended. */
export const congestedBytes = 4 * 1024 * 1024;

/** What is sent ahead to a client that catches up, before it is waited for. */
const sentAheadBytes = 512 * 1024;

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

/**
 * A group usually has one line, on which all stand at the present. Whoever resumes from a place that is no longer kept
 * gets a line of its own, which catches up and whose members then change over to the line ahead.
 */
export function createGroup(options: GroupOptions): LiveGroup {
  const everybody = new Set<Member>();
  const lines = new Set<Line>();

  const forget = (member: Member): void => {
    member.gone = true;
    for (const line of lines) leaveLine(line, member);
    if (everybody.delete(member) && everybody.size === 0) options.emptied();
  };
  const leaveLine = (line: Line, member: Member): void => {
    line.leave(member);
    if (line.members.size > 0) return;
    line.end();
    lines.delete(line);
  };
  const cut = (member: Member, error: ClientError): void => {
    if (member.gone) return;
    forget(member);
    member.receiver.end(error);
  };
  /** Lets a line go on without a member until the member has taken what waits for it. */
  const park = (line: Line, member: Member): void => {
    leaveLine(line, member);
    const timer = setTimeout(() => cut(member, overflow()), stalledMilliseconds).unref();
    member.receiver.onDrain(() => {
      clearTimeout(timer);
      takeIn(member);
    });
  };
  const hand = (line: Line, member: Member, batch: MessageBatch): void => {
    const queued = member.receiver.queuedBytes();
    if (line.live ? queued > congestedBytes : queued > sentAheadBytes) {
      if (line.live) cut(member, overflow());
      else park(line, member);
      return;
    }
    member.receiver.send(batch);
    member.place = batch.last;
    member.cursor = batch.last;
    options.delivered(batch.messages.length);
  };
  const takeIn = (member: Member): void => {
    if (member.gone) return;
    joinLine([...lines].find((one) => canJoin(one, member.place)) ?? begin(member.place), member);
  };
  const joinLine = (line: Line, member: Member): void => {
    const missed = line.join(member);
    if (missed) hand(line, member, missed);
  };
  const handOut = (line: Line, messages: readonly LiveMessage[]): void => {
    const batch = messageBatch(messages);
    if (!batch) return;
    line.keep(batch);
    for (const member of line.members) {
      const part = batch.behind(member.place);
      if (part) hand(line, member, part);
    }
  };
  /** Lets the members change over to a line that is ahead and has all they need. */
  const changeOver = (line: Line): void => {
    const ahead = [...lines].find((one) => one !== line && continues(one, line));
    if (!ahead) return;
    const reached = line.upTo;
    for (const member of line.members) {
      member.place = laterPosition(member.place, reached);
      leaveLine(line, member);
      joinLine(ahead, member);
    }
  };
  const runLine = async (line: Line): Promise<void> => {
    for (let events = await line.next(); events; events = await line.next()) {
      for (let from = 0; from < events.length; from += renderedTogether) {
        const [reader] = line.members;
        if (!reader) return;
        const some = events.slice(from, from + renderedTogether);
        const { messages, failure } = await options.render(some, reader.actor);
        handOut(line, messages);
        if (failure) throw failure;
      }
      line.done();
      changeOver(line);
    }
  };
  const begin = (after: EventPosition): Line => {
    const line = openLine(options.openStream(after), after, options.history);
    lines.add(line);
    runLine(line).catch((error: unknown) => {
      for (const member of line.members) cut(member, toClientError(error));
    });
    return line;
  };

  return {
    join(member) {
      everybody.add(member);
      takeIn(member);
    },
    leave: forget,
    end(error) {
      for (const member of everybody) cut(member, error);
    },
  };
}

function overflow(): ClientError {
  return toClientError(
    codedError('SUBSCRIPTION_OVERFLOW', 'The client does not take its messages as fast as they come'),
  );
}
