import { holds, type Actor } from '#kernel/actor';

/** What of a request bears on whether somebody may decide it. */
export interface DecidableRequest {
  readonly status: string;
  readonly level: number;
  readonly fourEyes: boolean;
  readonly submitters: readonly string[];
  /** Who decided an earlier level of the present version. */
  readonly deciders: readonly string[];
}

/** Why the viewer cannot decide a request, in a sentence to show; undefined when they can. */
export function blockedReason(actor: Actor, request: DecidableRequest): string | undefined {
  if (request.status !== 'PENDING') return 'A decision has been taken.';
  if (!actor.memberId) return 'Only a person can decide.';
  if (request.submitters.includes(actor.memberId))
    return 'You had a hand in this draft; somebody else must decide.';
  if (!holds(actor, 'approvals:decide')) return 'You do not have the right to decide approvals.';
  if (request.fourEyes && request.deciders.includes(actor.memberId)) {
    return 'You decided an earlier level; another person must decide this one.';
  }
  return undefined;
}
