import type { Scope } from '#kernel/actor';

/** What can be done in a component, beyond looking: a right, and the commands it is needed for. */
interface Feature {
  readonly scope: Scope;
  readonly commands: readonly string[];
}

interface Component {
  /** Needed to show it. */
  readonly reads: readonly Scope[];
  readonly features: Readonly<Record<string, Feature>>;
}

const decide: Feature = { scope: 'approvals:decide', commands: ['decideApproval'] };
const correct: Feature = { scope: 'transactions:write', commands: ['changeDraft'] };
const accept: Feature = { scope: 'reconciliation:write', commands: ['acceptMatch'] };
const decline: Feature = { scope: 'reconciliation:write', commands: ['declineMatch'] };

/** Every component a host's page can hold, with what it reads and what its features run. */
export const embedComponents = {
  'review-queue': {
    reads: ['transactions:read', 'reconciliation:read', 'vendors:read', 'approvals:read', 'access:read'],
    features: { decide, accept, decline },
  },
  'approval-inbox': {
    reads: ['approvals:read', 'transactions:read', 'vendors:read', 'access:read'],
    features: { decide, correct },
  },
  'approval-card': {
    reads: ['approvals:read', 'transactions:read', 'vendors:read', 'access:read'],
    features: { decide, correct },
  },
  'match-review': {
    reads: ['reconciliation:read', 'transactions:read', 'vendors:read', 'access:read'],
    features: {
      accept,
      decline,
      split: { scope: 'reconciliation:write', commands: ['matchManually'] },
      undo: { scope: 'reconciliation:write', commands: ['undoMatch'] },
      book: { scope: 'reconciliation:write', commands: ['bookStatementLine'] },
      resolve: { scope: 'reconciliation:write', commands: ['assignException', 'resolveException'] },
    },
  },
  'reconciliation-board': {
    reads: ['reconciliation:read', 'transactions:read', 'vendors:read', 'access:read'],
    features: {
      accept: { scope: 'reconciliation:write', commands: ['acceptMatch', 'acceptMatches'] },
      decline,
      split: { scope: 'reconciliation:write', commands: ['matchManually'] },
      undo: {
        scope: 'reconciliation:write',
        commands: ['undoMatch', 'undoMatches', 'withdrawDeclinedPair'],
      },
      book: { scope: 'reconciliation:write', commands: ['bookStatementLine'] },
      resolve: {
        scope: 'reconciliation:write',
        commands: [
          'applyResolution',
          'resolveException',
          'commentException',
          'assignException',
          'declineRuleProposal',
        ],
      },
    },
  },
  'sync-status': {
    reads: ['sync:read', 'transactions:read', 'access:read'],
    features: {
      retry: { scope: 'sync:write', commands: ['retrySync'] },
      pause: { scope: 'sync:write', commands: ['pauseConnection', 'resumeConnection'] },
    },
  },
  'audit-trail': { reads: ['audit:read', 'access:read'], features: {} },
  'kpi-strip': {
    reads: ['transactions:read', 'reconciliation:read', 'approvals:read', 'sync:read', 'access:read'],
    features: {},
  },
  'flow-ribbon': {
    reads: ['transactions:read', 'reconciliation:read', 'approvals:read', 'sync:read', 'access:read'],
    features: {},
  },
  'document-intake': {
    reads: ['transactions:read', 'access:read'],
    features: {
      submit: { scope: 'transactions:write', commands: ['submitDocument'] },
      release: { scope: 'transactions:write', commands: ['releaseFromQuarantine', 'rejectDocument'] },
    },
  },
} as const satisfies Record<string, Component>;

/** The name of a component. */
export type ComponentName = keyof typeof embedComponents;

/** What a session of some components and features may do. */
export interface EmbedRights {
  readonly scopes: ReadonlySet<Scope>;
  readonly commands: readonly string[];
  /** Features that none of the components has. */
  readonly unknown: readonly string[];
}

/** The rights of components with features; a feature counts for each of the components that has it. */
export function embedRights(names: readonly ComponentName[], features: readonly string[]): EmbedRights {
  const components: readonly Component[] = names.map((name) => embedComponents[name]);
  // Components may need different commands for a feature of one name; what is granted is all of them.
  const offered = (feature: string): readonly Feature[] =>
    components.flatMap(({ features: all }) => all[feature] ?? []);
  const granted = features.flatMap(offered);
  return {
    scopes: new Set([...components.flatMap(({ reads }) => reads), ...granted.map(({ scope }) => scope)]),
    commands: [...new Set(granted.flatMap(({ commands }) => commands))],
    unknown: features.filter((feature) => offered(feature).length === 0),
  };
}

/** Every feature there is, by name. */
export const embedFeatures: readonly string[] = [
  ...new Set(Object.values(embedComponents).flatMap(({ features }) => Object.keys(features))),
];
