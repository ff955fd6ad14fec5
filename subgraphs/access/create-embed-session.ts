import { z } from 'zod';
import { scopesOf, type EmbedGrant, type Role } from '#kernel/actor';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { embedComponents, embedRights, type ComponentName } from './embed-features.ts';

const components = Object.keys(embedComponents) as [ComponentName, ...ComponentName[]];

/** Makes a short-lived token with which components in a host's page act for a member. */
export const createEmbedSession = command({
  name: 'createEmbedSession',
  description:
    "Makes a short-lived token for components in a host's page. It acts for one member, shows what the components show, and does nothing but what the named features do.",
  scope: 'access:embed',
  input: z.object({
    memberId: id(),
    components: z.array(z.enum(components).meta({ graphql: 'String' })).min(1),
    features: z.array(z.string().max(40)).max(40).default([]).meta({
      description:
        'What the person may do in them: decide, correct, accept, decline, split, undo, book, resolve, retry, pause, submit, release. Left out: nothing, they only show.',
    }),
    bookId: id().optional().meta({ description: 'Restricts the token to one book: no other exists for it.' }),
    origin: z
      .string()
      .max(200)
      .optional()
      .meta({ description: 'The origin of the only pages that may use the token: https://portal.example.' }),
    ttlSeconds: z.int().min(30).max(3600).default(600),
  }),
  async run(transaction, input) {
    if (input.bookId !== undefined && input.components.includes('audit-trail')) {
      throw new CrossfootError(
        'FIELD_INVALID',
        'The audit trail is that of all books; leave out the book or the component',
        { path: ['bookId'] },
      );
    }
    const member = await transaction.require<{ name: string; roles: Role[] }>(
      `There is no member ${input.memberId}`,
      'select name, roles from access.member where id = $1 and active',
      [input.memberId],
    );
    if (input.bookId !== undefined) {
      const find = 'select 1 from access.book where id = $1';
      await transaction.require(`There is no book ${input.bookId}`, find, [input.bookId]);
    }
    const rights = embedRights(input.components, input.features);
    if (rights.unknown.length > 0) {
      const unknown = rights.unknown.join(', ');
      throw new CrossfootError('FIELD_INVALID', `None of the components has the feature ${unknown}`, {
        path: ['features'],
      });
    }
    const embed: EmbedGrant = {
      components: input.components,
      features: input.features,
      commands: rights.commands,
      bookId: input.bookId,
      origin: originOf(input.origin),
    };
    const scopes = scopesOf(member.roles).filter((scope) => rights.scopes.has(scope));
    const issued = await transaction.services.tokens.issue(
      {
        kind: 'embed',
        id: input.memberId,
        name: member.name,
        memberId: input.memberId,
        organisationId: transaction.organisationId,
        scopes,
        source: 'portal',
        embed,
      },
      input.ttlSeconds,
    );
    transaction.audit({
      subjectType: 'Member',
      subjectId: input.memberId,
      after: { ...embed, expiresAt: issued.expiresAt, credentialId: issued.credentialId },
    });
    return { token: issued.token, expiresAt: issued.expiresAt.toISOString(), scopes };
  },
  remember: ({ expiresAt, scopes }) => ({ expiresAt, scopes }),
});

/** As browsers write it, so that it compares by text. */
function originOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
  throw new CrossfootError('FIELD_INVALID', 'An origin is scheme, host and port: https://portal.example', {
    path: ['origin'],
  });
}
