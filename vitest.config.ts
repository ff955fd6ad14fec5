import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Vite would pick the package's ES build for our files while Node gives its CommonJS build to everybody else's.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  test: {
    include: ['kernel', 'connectors', 'subgraphs', 'gateway', 'test', 'web-components'].map(
      (folder) => `${folder}/**/*.test.ts`,
    ),
    globalSetup: ['test/support/global-setup.ts'],
    environment: 'node',
    // Stories wait for one another's processes more than they compute: two run side by side on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Browser tests wait for what a busy machine shows late; the default of a second is no promise of the product.
    expect: { poll: { timeout: 15_000 } },
  },
});
