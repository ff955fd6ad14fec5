import type { ClientProgram } from './admission.ts';

const unnamed: ClientProgram = { name: '', version: '' };
const longest = 100;

/**
 * The program that sends a request, as it names itself in `graphql-client-name` and `graphql-client-version` (or the
 * names Apollo's clients use); empty where it does not. Sockets give the same names in their first message.
 */
export function clientProgram(headers: Readonly<Record<string, unknown>>): ClientProgram {
  const name = headers['graphql-client-name'] ?? headers['apollographql-client-name'];
  if (typeof name !== 'string') return unnamed;
  const version = headers['graphql-client-version'] ?? headers['apollographql-client-version'];
  return { name: plain(name), version: typeof version === 'string' ? plain(version) : '' };
}

/** Names become labels of figures, so they are short and printable. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '').slice(0, longest);
}
