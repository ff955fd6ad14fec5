import type { Handlers } from '#kernel/subgraph';

/** What the ledger does when something happened. */
export const ledgerHandlers: Handlers = {};
