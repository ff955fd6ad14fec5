import type { Config } from '#kernel/config';
import { demoPortal } from '../demo/portal-sessions.ts';
import { openDemo, type Demo } from '../demo/open-demo.ts';
import { startPlatform } from './start-platform.ts';
import { untilStopped } from './serve.ts';

/** Starts everything in this process and, unless told otherwise, the demo organisation through the public API. */
export async function start(config: Config, options: { readonly empty: boolean }): Promise<void> {
  const portal = options.empty ? undefined : demoPortal();
  const started = await startPlatform(config, portal);
  const url = `http://localhost:${new URL(started.url).port}`;
  const demo = options.empty ? undefined : await openDemo(config, url);
  if (demo) portal?.open(demo, url);
  process.stdout.write(`${announcement(url, demo)}\ncrossfoot ready ${url}\n`);
  await untilStopped(started);
}

function announcement(url: string, demo: Demo | undefined): string {
  const lines = [
    `  Portal      ${url}/`,
    `  GraphQL     ${url}/graphql`,
    `  GraphiQL    ${url}/graphiql`,
    `  Live        ${url.replace('http', 'ws')}/graphql (graphql-ws)`,
  ];
  if (demo) {
    lines.push(
      '',
      `  Demo book   ${demo.bookId}`,
      ...demo.people.map((person) => `  ${person.name.padEnd(11)} ${person.apiKey}  (${person.role})`),
    );
  }
  return ['', ...lines, ''].join('\n');
}
