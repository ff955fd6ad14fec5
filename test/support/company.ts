import { randomUUID } from 'node:crypto';
import type { ApiClient } from '../../demo/api-client.ts';
import { eventually, type Platform } from './platform.ts';

/** An organisation of a story with its people, opened through the public API. */
export interface Company {
  readonly organisationId: string;
  readonly bookId: string;
  readonly owner: ApiClient;
  readonly submitter: ApiClient;
  readonly approver: ApiClient;
  readonly auditor: ApiClient;
  readonly keys: { readonly owner: string; readonly submitter: string; readonly approver: string };
  readonly members: { readonly submitter: string; readonly approver: string };
  readonly bankAccountId: string;
}

/** The IBAN of every story's bank account. */
export const iban = 'DE05200505500123456789';

/** The legal name and tax number of every story's company, as they stand on its documents. */
export const legalEntity = { legalName: 'Kestrel Outdoor GmbH', taxId: 'DE318462907' };

/** Vendors every story's company knows; what others send is looked at by a person first. */
const vendors = [
  { name: 'Nordlicht Hosting GmbH', taxId: 'DE271828182', country: 'DE' },
  { name: 'Alpina Spedition GmbH', taxId: 'DE161803398', country: 'DE' },
  { name: 'Cafe Vela' },
  { name: 'Deutsche Bahn' },
  { name: 'Taxi Hansa' },
];

/** What a mutation is given, and the fields of its payload to answer beside the errors. */
export interface Mutation {
  readonly input: object;
  readonly fields?: string;
}

/** Runs a mutation and answers its payload; throws when it has errors. */
export async function mutate<Payload>(client: ApiClient, name: string, request: Mutation): Promise<Payload> {
  const payload = await tryMutate<Payload>(client, name, request);
  if (payload.errors.length > 0) throw new Error(`${name}: ${JSON.stringify(payload.errors)}`);
  return payload;
}

/** One error of a payload. */
export interface ApiError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly path: readonly string[];
}

/** Runs a mutation and answers its payload with whatever errors it has. */
export async function tryMutate<Payload>(
  client: ApiClient,
  name: string,
  { input, fields = '' }: Mutation,
): Promise<Payload & { readonly errors: readonly ApiError[] }> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const answer = await client.run<Record<string, Payload & { errors: ApiError[] }>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} errors { code message remedy path } } }`,
    { input },
  );
  const payload = answer[name];
  if (!payload) throw new Error(`${name} answered nothing`);
  return payload;
}

/** Opens an organisation with an owner, a submitter, an approver and an auditor, books, a policy and a bank account. */
export async function openCompany(platform: Pick<Platform, 'admin' | 'as'>): Promise<Company> {
  const name = `Story ${randomUUID()}`;
  const made = await mutate<{ organisationId: string; secret: string }>(
    platform.admin,
    'createOrganisation',
    {
      input: { name, owner: { name: 'Olga Brandt', email: 'olga@story.example' } },
      fields: 'organisationId secret',
    },
  );
  const owner = platform.as(made.secret);
  const { book } = await mutate<{ book: { id: string } }>(owner, 'openBook', {
    input: { name: 'Main', ...legalEntity, country: 'DE', baseCurrency: 'EUR' },
    fields: 'book { id }',
  });
  const person = async (personName: string, roles: string[]) => {
    const email = `${personName.toLowerCase()}@story.example`;
    const { member } = await mutate<{ member: { id: string } }>(owner, 'addMember', {
      input: { name: personName, email, roles },
      fields: 'member { id }',
    });
    const { secret } = await mutate<{ secret: string }>(owner, 'createApiKey', {
      input: { memberId: member.id, name: 'story' },
      fields: 'secret',
    });
    return { id: member.id, secret };
  };
  const submitter = await person('Ana', ['SUBMITTER', 'ACCOUNTANT']);
  const approver = await person('Ravi', ['APPROVER']);
  const auditor = await person('Kim', ['AUDITOR']);
  await mutate(owner, 'setApprovalPolicy', {
    input: {
      bookId: book.id,
      name: 'House rule',
      automaticUpTo: [{ amount: '500.00', currency: 'EUR' }],
    },
  });
  for (const vendor of vendors) await mutate(owner, 'registerVendor', { input: vendor });
  await eventually(async () => {
    const answer = await owner.run<{ accounts: unknown[] }>(
      'query ($b: ID!) { accounts(bookId: $b) { id } }',
      { b: book.id },
    );
    return answer.accounts.length > 0;
  });
  const { bankAccount } = await mutate<{ bankAccount: { id: string } }>(owner, 'openBankAccount', {
    input: { bookId: book.id, name: 'House bank', iban, currency: 'EUR', ledgerAccountCode: '1000' },
    fields: 'bankAccount { id }',
  });
  return {
    organisationId: made.organisationId,
    bookId: book.id,
    owner,
    submitter: platform.as(submitter.secret),
    approver: platform.as(approver.secret),
    auditor: platform.as(auditor.secret),
    keys: { owner: made.secret, submitter: submitter.secret, approver: approver.secret },
    members: { submitter: submitter.id, approver: approver.id },
    bankAccountId: bankAccount.id,
  };
}
