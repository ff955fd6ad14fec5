import type { Actor } from '#kernel/actor';
import { canonicalJson } from '#kernel/canonical';
import type { AuditNote, RaisedEvent } from '#kernel/command';
import type { EventType } from '#kernel/events';
import { arrayLiteral } from '#kernel/parameters';
import { WrittenFacts } from '#kernel/written-facts';

/** What the memory of commands keeps of a call. */
export interface CommandEntry {
  readonly command: string;
  readonly inputHash: string;
  readonly result: unknown;
}

/** A call at its end: who made it, when, under which key, and what it raised and noted. */
export interface FinishedCall {
  readonly actor: Actor;
  readonly key: string;
  readonly now: Date;
  /** The organisation it worked for; a platform command enters another than its actor's. */
  readonly organisationId: string;
  readonly events: readonly RaisedEvent<EventType>[];
  readonly notes: readonly AuditNote[];
}

/** What every call leaves, as `kernel.finish_command` takes it. */
export interface CommandRecords {
  /** Its parameters up to the facts of the events. */
  readonly values: readonly unknown[];
  /** Canonical JSON, sealed as it is; at least one. */
  readonly audit: readonly string[];
}

/** Between the facts of two events; JSON never holds it as it is. */
const recordSeparator = '\u001e';

/** Writes what a call leaves in the memory of commands, the outbox and the audit log. */
export function recordsOf(call: FinishedCall, { command, inputHash, result }: CommandEntry): CommandRecords {
  const { actor, organisationId, events } = call;
  const occurredAt = call.now.toISOString();
  const notes: readonly AuditNote[] =
    call.notes.length > 0 ? call.notes : [{ subjectType: 'command', subjectId: command }];
  return {
    values: [
      actor.organisationId,
      call.key,
      command,
      inputHash,
      JSON.stringify(result),
      occurredAt,
      arrayLiteral(events.map((event) => event.type)),
      arrayLiteral(events.map((event) => event.bookId)),
      arrayLiteral(events.map((event) => event.subjectId)),
      events
        .map(({ facts }) => (facts instanceof WrittenFacts ? facts.json : JSON.stringify(facts)))
        .join(recordSeparator),
    ],
    audit: notes.map((note) =>
      canonicalJson({
        actorId: actor.id,
        actorKind: actor.kind,
        actorName: actor.name,
        memberId: actor.memberId,
        after: note.after,
        before: note.before,
        command,
        occurredAt,
        organisationId,
        source: actor.source,
        subjectId: note.subjectId,
        subjectType: note.subjectType,
        traceId: actor.traceId,
      }),
    ),
  };
}
