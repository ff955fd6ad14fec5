import { parse, type OperationDefinitionNode } from 'graphql';
import { expect, test } from 'vitest';
import type { Actor, EmbedGrant } from '#kernel/actor';
import type { AdmittedOperation, Sender } from '../operations/admission.ts';
import { embedGate } from './embed-gate.ts';

const grant: EmbedGrant = {
  components: ['approval-inbox'],
  features: ['decide'],
  commands: ['decideApproval'],
};
const person: Actor = {
  kind: 'member',
  id: 'mem_1',
  name: 'Ana',
  organisationId: 'org_1',
  scopes: [],
  source: 'portal',
};
const embedded: Actor = { ...person, kind: 'embed', embed: grant };

function pass(text: string, actor: Actor): void {
  const document = parse(text);
  const operation = document.definitions[0] as OperationDefinitionNode;
  embedGate({ document, operation } as AdmittedOperation, { actor } as Sender);
}

test.each([
  'mutation { decideApproval { errors { code } } }',
  'mutation { a: decideApproval { errors { code } } b: decideApproval { errors { code } } __typename }',
  'mutation { ...F } fragment F on Mutation { ... { decideApproval { errors { code } } } }',
  'query { acceptMatch { errors { code } } }',
  'subscription { matchChanged { cursor } }',
])('what its features do, and whatever only reads, passes: %s', (text) => {
  expect(() => pass(text, embedded)).not.toThrow();
});

test.each([
  'mutation { acceptMatch { errors { code } } }',
  'mutation { decideApproval: acceptMatch { errors { code } } }',
  'mutation { decideApproval { errors { code } } acceptMatch { errors { code } } }',
  'mutation { ...F } fragment F on Mutation { ... @skip(if: true) { ...G } } fragment G on Mutation { acceptMatch }',
  'mutation { ...F } fragment F on Mutation { ...G } fragment G on Mutation { ...F acceptMatch }',
])('everything else is refused, however it is written: %s', (text) => {
  expect(() => pass(text, embedded)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }) as Error);
  expect(() => pass(text, person)).not.toThrow();
});
