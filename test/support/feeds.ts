import { expect } from 'vitest';
import type { Actor } from '#kernel/actor';
import { createBankFeed } from '../../subgraphs/reconciliation/feeds/create-bank-feed.ts';
import { pullBankFeed } from '../../subgraphs/reconciliation/feeds/pull-bank-feed.ts';
import { eventually } from './eventually.ts';
import type { Workbench } from './workbench.ts';

/** A feed as the API shows it. */
export interface ShownFeed {
  readonly status: string;
  readonly failures: number;
  readonly credentialHint: string | null;
  readonly problem: { readonly code: string; readonly message: string; readonly remedy: string } | null;
  readonly files: { readonly edges: { readonly node: ShownFile }[] };
  readonly runs: { readonly edges: { readonly node: { status: string; found: number; waiting: number } }[] };
}

/** A file of a feed as the API shows it. */
export interface ShownFile {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly content: string | null;
  readonly fileId: string | null;
  readonly problems: { readonly code: string; readonly message: string }[];
  readonly statements: { readonly id: string }[];
}

/** What tests do with feeds of a workbench. */
export interface FeedBench {
  feedNow(actor: Actor, id: string): Promise<ShownFeed>;
  /** Opens a feed of the drop folder `inbox`, unless more is said; answers its id. */
  open(actor: Actor, bookId: string, more?: object): Promise<string>;
  /** Looks into the feed once more and waits until that has ended. */
  look(actor: Actor, bankFeedId: string): Promise<ShownFeed>;
  /** Waits until so many looks have ended. */
  ended(actor: Actor, bankFeedId: string, runs: number): Promise<ShownFeed>;
}

/** The files of a feed, the first seen first. */
export function filesOf(feed: ShownFeed): ShownFile[] {
  return feed.files.edges.map(({ node }) => node).toReversed();
}

/** Feeds of a workbench that has reconciliation. */
export function feedBench(bench: () => Workbench): FeedBench {
  const feedNow: FeedBench['feedNow'] = async (actor, id) => {
    const data = await bench().query<{ bankFeed: ShownFeed }>(
      'reconciliation',
      `query ($id: ID!) { bankFeed(id: $id) { status failures credentialHint problem { code message remedy }
         files { edges { node { id name state content fileId problems { code message } statements { id } } } }
         runs { edges { node { status found waiting } } } } }`,
      { actor, variables: { id } },
    );
    return data.bankFeed;
  };
  const ended: FeedBench['ended'] = async (actor, bankFeedId, runs) => {
    const found = await eventually(async () => {
      const feed = await feedNow(actor, bankFeedId);
      const all = feed.runs.edges;
      return all.length >= runs && all.every(({ node }) => node.status !== 'RUNNING') && feed;
    });
    return found as ShownFeed;
  };
  return {
    feedNow,
    ended,
    async look(actor, bankFeedId) {
      const before = (await feedNow(actor, bankFeedId)).runs.edges.length;
      const outcome = await bench().door('reconciliation').run(pullBankFeed, { bankFeedId }, { actor });
      expect(outcome.errors).toEqual([]);
      return ended(actor, bankFeedId, before + 1);
    },
    async open(actor, bookId, more = {}) {
      const folder = { name: 'Drop', kind: 'FOLDER', folder: { path: 'inbox' }, settleSeconds: 1 };
      const outcome = await bench()
        .door('reconciliation')
        .run(createBankFeed, { bookId, ...folder, ...more }, { actor });
      expect(outcome.errors).toEqual([]);
      return outcome.result?.bankFeedId ?? '';
    },
  };
}
