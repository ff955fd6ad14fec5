import { CrossfootError } from '#kernel/errors';
import { apiClient } from './api-client.ts';
import type { Demo } from './open-demo.ts';

/** A session as the pretend portal's page gets it from its own backend. */
export interface PortalSession extends Record<string, unknown> {
  readonly token: string;
  readonly expiresAt: string;
  readonly bookId: string;
  readonly people: readonly { readonly id: string; readonly name: string; readonly role: string }[];
}

const components = [
  'review-queue',
  'approval-inbox',
  'approval-card',
  'match-review',
  'reconciliation-board',
  'sync-status',
  'audit-trail',
  'kpi-strip',
  'flow-ribbon',
  'document-intake',
];
const features = ['decide', 'accept', 'decline', 'split', 'undo', 'book', 'resolve', 'retry', 'submit'];

/**
 * The backend of the pretend portal: it keeps the API key of an administrator and trades it for embed sessions of its
 * people. Before the demo is open it answers UNAVAILABLE.
 */
export function demoPortal(): {
  openSession(as: string): Promise<PortalSession | undefined>;
  open(demo: Demo, url: string): void;
  /** The key of the approver, for trying things in GraphiQL; undefined until the demo is open. */
  readonly token: string | undefined;
} {
  let opened: { demo: Demo; url: string } | undefined;
  return {
    open(demo, url) {
      opened = { demo, url };
    },
    get token() {
      return opened?.demo.people.find((one) => one.id === 'ravi')?.apiKey;
    },
    async openSession(as) {
      if (!opened) throw new CrossfootError('UNAVAILABLE', 'The demo is being opened');
      const { demo, url } = opened;
      const person = demo.people.find((one) => one.id === as);
      const admin = demo.people.find((one) => one.id === 'ravi');
      if (!person || !admin)
        throw new CrossfootError('NOT_FOUND', `The portal knows nobody called ${as.slice(0, 40)}`);
      const answer = await apiClient(url, admin.apiKey).run<{
        createEmbedSession: { token: string; expiresAt: string; errors: readonly { message: string }[] };
      }>(
        `mutation ($input: CreateEmbedSessionInput!) {
           createEmbedSession(input: $input) { token expiresAt errors { message } } }`,
        // The audit trail is that of all books of an organisation, so no book is named; this one has only one.
        { input: { memberId: person.memberId, components, features } },
      );
      return {
        token: answer.createEmbedSession.token,
        expiresAt: answer.createEmbedSession.expiresAt,
        bookId: demo.bookId,
        people: demo.people.map(({ id, name, role }) => ({ id, name, role })),
      };
    },
  };
}
