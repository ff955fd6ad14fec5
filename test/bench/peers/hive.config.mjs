// Hive Gateway as it comes, but for two settings: operations known by their hash, and whether identical requests
// to a subgraph are sent once while one is under way (they are by default).
import { defineConfig } from '@graphql-hive/gateway';

const persisted = JSON.parse(process.env.PERSISTED);

export const gatewayConfig = defineConfig({
  persistedDocuments: {
    allowArbitraryDocuments: true,
    getPersistedOperation: (hash) => persisted[hash] ?? null,
  },
  ...(process.env.DEDUPLICATION === 'off' && {
    transportEntries: { '*.http': { options: { deduplicateInflightRequests: false } } },
  }),
});
