/** A person the pretend portal knows. */
export interface PortalPerson {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

/** A session the portal's own backend got from Crossfoot for one of its people. */
export interface PortalSession {
  readonly token: string;
  readonly expiresAt: string;
  readonly bookId: string;
  readonly people: readonly PortalPerson[];
}

/** Asks the portal's backend for a session; the backend holds the API key, the page never sees it. */
export async function openSession(as: string): Promise<PortalSession> {
  const response = await fetch('/portal/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ as }),
  });
  if (!response.ok) throw new Error(`The portal's backend gave no session (status ${response.status}).`);
  return (await response.json()) as PortalSession;
}

/** Runs an operation of the portal itself, as the person of the session. */
export async function runAs<Data>(session: PortalSession, query: string, variables: object): Promise<Data> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${session.token}` },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json()) as { data?: Data; errors?: { message: string }[] };
  if (!answer.data) throw new Error(answer.errors?.[0]?.message ?? `Status ${response.status}.`);
  return answer.data;
}
