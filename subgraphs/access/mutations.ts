import { mutation } from '#kernel/graphql-command';
import { addMember } from './add-member.ts';
import { changeMemberRoles } from './change-member-roles.ts';
import { createApiKey } from './create-api-key.ts';
import { createEmbedSession } from './create-embed-session.ts';
import { createOrganisation } from './create-organisation.ts';
import { graph } from './graph.ts';
import * as load from './loaders.ts';
import { openBook } from './open-book.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { ApiKeyType, BookType, MemberType } from './schema.ts';

mutation(graph, createOrganisation, {
  organisationId: {
    type: 'ID',
    description:
      'The id of the organisation; its rows are read with the new key, not with the platform token.',
    resolve: (result) => result.organisationId,
  },
  ownerId: { type: 'ID', description: 'The id of its owner.', resolve: (result) => result.memberId },
  secret: {
    type: 'String',
    description: "The owner's API key, shown this once.",
    resolve: (result) => result.secret ?? null,
  },
});
mutation(graph, openBook, {
  book: { type: BookType, description: 'The new books.', resolve: (r, c) => load.bookById(c).load(r.bookId) },
});
mutation(graph, addMember, {
  member: {
    type: MemberType,
    description: 'The new member.',
    resolve: (r, c) => load.memberById(c).load(r.memberId),
  },
});
mutation(graph, changeMemberRoles, {
  member: {
    type: MemberType,
    description: 'The member.',
    resolve: (r, c) => load.memberById(c).load(r.memberId),
  },
});
mutation(graph, createApiKey, {
  apiKey: {
    type: ApiKeyType,
    description: 'The key.',
    resolve: (r, c) => load.apiKeyById(c).load(r.apiKeyId),
  },
  secret: {
    type: 'String',
    description: 'The key itself, shown this once.',
    resolve: (r) => r.secret ?? null,
  },
});
mutation(graph, revokeApiKey, {
  apiKey: {
    type: ApiKeyType,
    description: 'The key.',
    resolve: (r, c) => load.apiKeyById(c).load(r.apiKeyId),
  },
});
mutation(
  graph,
  { ...createEmbedSession, views: ['partner'] },
  {
    token: {
      type: 'String',
      description: 'The bearer token for the components.',
      resolve: (r) => r.token ?? null,
    },
    expiresAt: { type: 'DateTime', description: 'When it ends.', resolve: (r) => new Date(r.expiresAt) },
    scopes: { type: ['String'], description: 'Its rights.', resolve: (r) => r.scopes },
  },
);
