/** An exact amount as the API sends it: a decimal string with the currency's own digits, and its ISO 4217 code. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** What a person can fix: a code, what is wrong, what to do. */
export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly path?: readonly string[];
}

/** A page of a forward connection. */
export interface Connection<Node> {
  readonly totalCount: number;
  readonly edges: readonly { readonly node: Node }[];
}

/** The nodes of a page. */
export function nodesOf<Node>(connection: Connection<Node> | null | undefined): readonly Node[] {
  return connection?.edges.map((edge) => edge.node) ?? [];
}

/** Somebody named. */
export interface Person {
  readonly id: string;
  readonly name: string;
}
