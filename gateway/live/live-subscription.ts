import type { Actor } from '#kernel/actor';
import { encodeCursor, type EventPosition } from '#kernel/events';
import { codedError, toClientError, type ClientError } from '../error-format.ts';
import type { Metrics } from '../metrics.ts';
import type { AdmittedOperation } from '../operations/admission.ts';
import type { LiveGroup } from './live-group.ts';
import type { Member, Receiver } from './member.ts';

/** Who subscribes, and where the messages go. */
export interface Subscriber {
  readonly actor: Actor;
  readonly receiver: Receiver;
}

/** One subscription that was accepted. */
export interface LiveSubscription {
  /** Lets messages come, from the place where the subscription was accepted. */
  start(): void;
  /** The client wants no more. */
  stop(): void;
  /** Ends it from our side; the client is told why and from where to resume. */
  end(error: ClientError): void;
}

/** Accepts a subscription; throws coded errors for what cannot be subscribed to. */
export type Subscribe = (admitted: AdmittedOperation, subscriber: Subscriber) => Promise<LiveSubscription>;

/** What a subscription ends with that the present graph cannot carry. */
export function reloaded(error: unknown): ClientError {
  const why = error instanceof Error ? error.message : 'It is no longer valid';
  return toClientError(codedError('SUBSCRIPTION_SCHEMA_RELOAD', `The graph has changed: ${why}`));
}

interface MemberOptions extends Subscriber {
  readonly place: EventPosition;
  readonly metrics: Metrics;
}

/** A subscription as a member of its group; counted while it runs. */
export function memberOf(groupOf: () => LiveGroup, options: MemberOptions): LiveSubscription {
  const { actor, receiver, place, metrics } = options;
  let group: LiveGroup | undefined;
  let open = true;
  metrics.liveSubscriptions.inc();
  const finish = (reason: string): boolean => {
    if (!open) return false;
    open = false;
    metrics.liveSubscriptions.dec();
    metrics.subscriptionsEnded.inc({ reason });
    return true;
  };
  const end = (error: ClientError | undefined): void => {
    if (!finish(error?.extensions.code ?? 'client')) return;
    group?.leave(member);
    if (!error) return;
    const lastCursor = encodeCursor(member.cursor);
    receiver.end({ ...error, extensions: { ...error.extensions, lastCursor } });
  };
  const member: Member = { actor, receiver: { ...receiver, end }, place, cursor: place, gone: false };
  return {
    start() {
      if (!open || group) return;
      try {
        group = groupOf();
        group.join(member);
      } catch (error) {
        end(reloaded(error));
      }
    },
    stop: () => end(undefined),
    end,
  };
}
