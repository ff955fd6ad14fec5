/** Every right there is. A token or key holds a list of them; nothing is allowed without one. */
export const scopes = [
  'access:read',
  'access:admin',
  'access:embed',
  'vendors:read',
  'vendors:write',
  'transactions:read',
  'transactions:write',
  'transactions:post',
  /** Opening days that were locked. */
  'transactions:reopen',
  'reconciliation:read',
  'reconciliation:write',
  'approvals:read',
  'approvals:decide',
  'approvals:manage',
  'audit:read',
  'sync:read',
  'sync:write',
  'platform:admin',
  /** Held by the platform's own event handlers and the gateway's look-ups only; never granted to a person or key. */
  'platform:internal',
] as const;

/** One right. */
export type Scope = (typeof scopes)[number];

/** Whether a text names a right. */
export function isScope(text: string): text is Scope {
  return (scopes as readonly string[]).includes(text);
}

/** What a member may be; each role is a fixed list of rights. */
export const roles = ['OWNER', 'ACCOUNTANT', 'APPROVER', 'SUBMITTER', 'AUDITOR'] as const;

/** One role of a member. */
export type Role = (typeof roles)[number];

const reads: readonly Scope[] = [
  'access:read',
  'vendors:read',
  'transactions:read',
  'reconciliation:read',
  'approvals:read',
  'sync:read',
];

const scopesOfRole: Record<Role, readonly Scope[]> = {
  OWNER: scopes.filter((scope) => !scope.startsWith('platform:')),
  ACCOUNTANT: [
    ...reads,
    'audit:read',
    'vendors:write',
    'transactions:write',
    'transactions:post',
    'reconciliation:write',
    'sync:write',
  ],
  APPROVER: [...reads, 'audit:read', 'approvals:decide', 'reconciliation:write'],
  SUBMITTER: [...reads, 'audit:read', 'transactions:write', 'reconciliation:write'],
  AUDITOR: [...reads, 'audit:read'],
};

/** The rights of a set of roles, in the order of `scopes`. */
export function scopesOf(held: readonly Role[]): Scope[] {
  const granted = new Set(held.flatMap((role) => scopesOfRole[role]));
  return scopes.filter((scope) => granted.has(scope));
}

/** The views of the one graph: everything, what embedded components need, what outside partners may build on. */
export const views = ['internal', 'portal', 'partner'] as const;

/** One view of the graph. */
export type View = (typeof views)[number];

/** What a token for components in a host's page is bound to, beyond its rights. */
export interface EmbedGrant {
  readonly components: readonly string[];
  /** What a person may do in them; without any they only show. */
  readonly features: readonly string[];
  /** The commands those features need; the token runs no other. */
  readonly commands: readonly string[];
  /** The only book whose rows exist for the token. */
  readonly bookId?: string;
  /** The only origin from whose pages it is taken, such as https://portal.example. */
  readonly origin?: string;
}

/** Who acts, for whom, with which rights, and through what. It travels signed from the gateway to the subgraphs. */
export interface Actor {
  readonly kind: 'member' | 'key' | 'embed' | 'system' | 'platform';
  /** Member id, key id, or the name of a part of the platform. */
  readonly id: string;
  readonly name: string;
  /** The person behind a key or embed session; four-eyes rules look at persons. */
  readonly memberId?: string;
  /** `platform` for platform administrators, who see no organisation's rows. */
  readonly organisationId: string;
  readonly scopes: readonly Scope[];
  /** The part of the graph that exists for this actor; `viewOf` says what holds when it is left out. */
  readonly view?: View;
  /** Present on every token for embedded components, and on no other. */
  readonly embed?: EmbedGrant;
  /** What operations of an API key may cost each second, where it has a limit of its own. */
  readonly costPerSecond?: number;
  /** Where the request came from: `api`, `portal`, `chat`, `system`. */
  readonly source: string;
  /** The key or session that can be revoked, when there is one. */
  readonly credentialId?: string;
  /** Instant in milliseconds after which the credential is dead. */
  readonly expiresAt?: number;
  readonly traceId?: string;
  /** The span under which the subgraph's own belong; only where the trace is recorded. */
  readonly spanId?: string;
}

/** The actor under which a part of the platform handles the events of an organisation. */
export function systemActor(part: string, organisationId: string): Actor {
  return {
    kind: 'system',
    id: part,
    name: part,
    organisationId,
    scopes: scopes.filter((scope) => scope !== 'platform:admin'),
    source: 'system',
  };
}

/** The administrator of the installation, who opens organisations and sees the rows of none. */
export function platformActor(name: string): Actor {
  return {
    kind: 'platform',
    id: name,
    name,
    organisationId: 'platform',
    scopes: ['platform:admin'],
    source: 'api',
  };
}

/** Whether the actor holds the right. */
export function holds(actor: Actor, scope: Scope): boolean {
  return actor.scopes.includes(scope);
}

/** Whether the actor may run a command at all; the command's own right is asked for besides. */
export function mayRun(actor: Actor, command: string): boolean {
  if (actor.kind !== 'embed' && !actor.embed) return true;
  return actor.embed?.commands.includes(command) ?? false;
}

/** The view an actor asks in. Embedded components never see more than theirs, whatever made their token. */
export function viewOf(actor: Pick<Actor, 'kind' | 'view'>): View {
  return actor.kind === 'embed' ? 'portal' : (actor.view ?? 'internal');
}

/** A text as a view; undefined for any other. */
export function viewNamed(text: unknown): View | undefined {
  return views.find((view) => view === text);
}
