import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { presetEnvironment } from '#kernel/config';

/** The sources of this folder, tests left out. */
function sources(): readonly { path: string; text: string }[] {
  return readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => ({ path, text: readFileSync(join(import.meta.dirname, path), 'utf8') }));
}

/** The module of @apollo/gateway that reports, with the maker of its reporter replaced by one that only counts. */
function watchedReporter(): { made: () => number } {
  const require = createRequire(import.meta.url);
  const module = require('@apollo/gateway/dist/utilities/opentelemetry.js') as Record<string, unknown>;
  let made = 0;
  module['createDataCollectionExporter'] = () => {
    made += 1;
    return { shutdown: async () => undefined };
  };
  return { made: () => made };
}

test('a gateway makes no reporter of measurements, though Apollo would', async () => {
  const { ApolloGateway } = await import('@apollo/gateway');
  const reporter = watchedReporter();
  presetEnvironment({ APOLLO_TELEMETRY_DISABLED: '' });
  new ApolloGateway({ supergraphSdl: '' });
  expect(reporter.made()).toBe(1);
  const { startSmallPlatform } = await import('./fixtures/small-platform.ts');
  const config = { port: 0, host: '127.0.0.1', oidc: undefined, uploadLimitBytes: 1024, allowedOrigins: [] };
  const platform = await startSmallPlatform({ config: { ...config, planExecutor: 'apollo' } });
  expect((await platform.ask('{ viewerName }')).body.data).toEqual({ viewerName: 'Ana' });
  await platform.stop();
  expect(reporter.made()).toBe(1);
});

test('whoever imports @apollo/gateway turns telemetry off first', () => {
  const users = sources().filter(({ text }) => /^import (?!type).*'@apollo\/gateway'/m.test(text));
  expect(users.length).toBeGreaterThan(0);
  for (const { text } of users) {
    expect(text.split('\n')[0]).toMatch(/^import '(\.{1,2}\/)+telemetry-off\.ts';$/);
  }
});
