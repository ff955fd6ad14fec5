import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig, subgraphNames } from '#kernel/config';

const root = resolve(import.meta.dirname, '../..');
const secret = 'a-secret-of-this-test-with-enough-characters';
const given = { CROSSFOOT_SECRET: secret, POSTGRES_PASSWORD: 'password' };
const ports = new Map(subgraphNames.map((name, index) => [name, 4101 + index]));
const urls = Object.fromEntries([...ports].map(([name, port]) => [name, `http://${name}:${port}`]));
const installed = spawnSync('docker-compose', ['--version']).status === 0;

/** Stands in for the .env file of whoever runs this, which docker-compose would read otherwise. */
const emptyEnvFile = join(tmpdir(), `crossfoot-compose-${process.pid}.env`);
writeFileSync(emptyEnvFile, '');

/** One service of the compose file as `docker-compose config` resolves it. */
interface Service {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly published: boolean;
  readonly probe: readonly string[];
}

function composeConfig(environment: Readonly<Record<string, string>>): string {
  return execFileSync('docker-compose', ['--env-file', emptyEnvFile, '-f', 'docker-compose.yml', 'config'], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...environment },
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

/** Reads the services out of the normalised YAML, whose indentation is always the same. */
function readServices(yaml: string): ReadonlyMap<string, Service> {
  const block = /^services:\n((?: .*\n|\n)+)/m.exec(yaml)?.[1] ?? '';
  const chunks = block.split(/^ {2}(?=\S)/m).filter((chunk) => chunk.trim() !== '');
  return new Map(
    chunks.map((chunk) => {
      const part = (name: string): string =>
        new RegExp(`^ {4}${name}:\\n((?: {4,}[ -].*\\n)+)`, 'm').exec(chunk)?.[1] ?? '';
      const environment = [...part('environment').matchAll(/^ +(\w+): (.*)$/gm)];
      const service: Service = {
        command: list(part('command')),
        environment: Object.fromEntries(environment.map(([, key = '', value = '']) => [key, unquote(value)])),
        published: part('ports') !== '',
        probe: list(/ +test:\n((?: +- .*\n(?: {8,}[^- ].*\n)*)+)/.exec(part('healthcheck'))?.[1] ?? ''),
      };
      return [chunk.slice(0, chunk.indexOf(':')), service];
    }),
  );
}

function list(yaml: string): readonly string[] {
  return [...yaml.matchAll(/^ +- (.*(?:\n +[^- ].*)*)/gm)].map(([, item = '']) =>
    unquote(item.replaceAll(/\n +/g, ' ')).replaceAll('$$', '$'),
  );
}

function unquote(value: string): string {
  if (value.startsWith("'")) return value.slice(1, -1).replaceAll("''", "'");
  return value.startsWith('"') ? String(JSON.parse(value)) : value;
}

describe('docker-compose.yml', () => {
  let services: ReadonlyMap<string, Service> = new Map();
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/livez' ? 200 : 404;
    response.end();
  });
  beforeAll(() => {
    if (installed) services = readServices(composeConfig(given));
  });
  beforeEach((context) => {
    context.skip(!installed, 'docker-compose is not on this machine (apt-get install docker-compose)');
  });
  afterAll(() => {
    server.close();
    rmSync(emptyEnvFile);
  });

  test('runs the database, the bus, the migration, the gateway and each subgraph', () => {
    const expected = ['postgres', 'nats', 'migrate', 'gateway', ...subgraphNames];
    expect([...services.keys()].toSorted()).toEqual(expected.toSorted());
    expect(services.get('migrate')?.command).toEqual(['node', 'main.ts', 'migrate']);
    expect(services.get('gateway')?.command).toEqual(['node', 'main.ts', 'gateway']);
  });

  test('publishes the gateway only', () => {
    expect([...services].filter(([, one]) => one.published).map(([name]) => name)).toEqual(['gateway']);
  });

  test.each(subgraphNames)('serves the subgraph %s where the gateway looks for it', (name) => {
    expect(services.get(name)?.command).toEqual(['node', 'main.ts', 'subgraph', name]);
    expect(Number(services.get(name)?.environment['PORT'])).toBe(ports.get(name));
  });

  test.each(['gateway', ...subgraphNames])(
    'gives %s an environment the configuration understands',
    (name) => {
      const environment = services.get(name)?.environment ?? {};
      const config = readConfig(environment);
      expect(config).toMatchObject({
        host: '0.0.0.0',
        port: Number(environment['PORT']),
        databaseUrl: 'postgres://crossfoot:password@postgres:5432/crossfoot',
        natsUrl: 'nats://nats:4222',
        dataFolder: '/data',
        secret,
        subgraphUrls: urls,
      });
    },
  );

  test('lets the gateway answer on port 4000', () => {
    expect(services.get('gateway')?.environment['PORT']).toBe('4000');
  });

  test.each(Object.keys(given))('refuses to start without %s', (name) => {
    const rest = Object.fromEntries(Object.entries(given).filter(([key]) => key !== name));
    expect(() => composeConfig(rest)).toThrow(`set ${name} in the .env file`);
  });

  test.each([
    ['passes', true, 0],
    ['fails', false, 1],
  ])('has a health probe that %s when the process answers: %s', async (_word, listening, code) => {
    if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const [, program, ...parameters] = services.get('gateway')?.probe ?? [];
    if (!listening) await new Promise((done) => server.close(done));
    const probe = spawn(program ?? '', parameters, { env: { ...process.env, PORT: String(port) } });
    expect(await once(probe, 'exit')).toEqual([code, null]);
  });
});
