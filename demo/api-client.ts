/** A client of the public API, as anybody could write one: GraphQL over HTTP and the upload endpoint. */
export interface ApiClient {
  /** Runs an operation; throws when it fails as a whole. */
  run<Data>(query: string, variables?: object): Promise<Data>;
  /** Uploads a file and answers its id. */
  upload(name: string, bytes: Uint8Array): Promise<string>;
}

interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
}

/** A client that acts with one bearer token. */
export function apiClient(url: string, token: string): ApiClient {
  const authorization = `Bearer ${token}`;
  return {
    async run<Data>(query: string, variables: object = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query, variables }),
      });
      const answer = (await response.json()) as GraphqlAnswer;
      if (answer.errors || !answer.data) {
        throw new Error(
          answer.errors?.map((error) => error.message).join('; ') ?? `status ${response.status}`,
        );
      }
      return answer.data as Data;
    },
    async upload(name, bytes) {
      const response = await fetch(`${url}/files?name=${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', authorization },
        body: Buffer.from(bytes),
      });
      if (response.status !== 201)
        throw new Error(`The upload of ${name} was refused with status ${response.status}`);
      return ((await response.json()) as { id: string }).id;
    },
  };
}
