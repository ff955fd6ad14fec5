import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { sampleBooks, type SimulatedBooks } from './simulated-books.ts';
import type { PersonName } from './simulated-entities.ts';
import { SimulatedGateway, strictPolicy } from './simulated-gateway.ts';

const configFile = resolve(import.meta.dirname, '../vite.config.ts');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The host's side of a test page: answers for tokens and remembers what it hears. */
const hostScript = `
window.heard = [];
window.tokenReasons = [];
for (const type of ['cf-select', 'cf-decided', 'cf-deciding', 'cf-error', 'cf-live']) {
  document.addEventListener(type, (event) => window.heard.push({ type, detail: event.detail }));
}
document.addEventListener('cf-token', (event) => {
  window.tokenReasons.push(event.detail.reason);
  const as = document.body.dataset.as;
  const answer = fetch('/portal/session', { method: 'POST', body: JSON.stringify({ as }) });
  event.detail.respondWith(answer.then((response) => response.json()).then(({ token }) => token));
});
`;

interface Opening {
  /** Whose session the page gets. */
  readonly as?: PersonName;
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  /** Head of the page, where not the usual two scripts. */
  readonly head?: string;
  /** Whether the elements are put into a provider; they are unless told otherwise. */
  readonly bare?: boolean;
}

/** What a page heard. */
export interface Heard {
  readonly type: string;
  readonly detail: Record<string, unknown>;
}

/** A browser and a simulated gateway serving the freshly built elements under the strict policy. */
export class Bench {
  readonly gateway: SimulatedGateway;
  readonly origin: string;
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #violations: string[] = [];
  readonly #open = new Set<Page>();
  readonly #idle: Page[] = [];
  #pages = 0;

  private constructor(parts: {
    gateway: SimulatedGateway;
    origin: string;
    browser: Browser;
    folder: string;
  }) {
    this.gateway = parts.gateway;
    this.origin = parts.origin;
    this.#browser = parts.browser;
    this.#folder = parts.folder;
    this.gateway.pages.set('/host.js', hostScript);
  }

  /** Builds the library, or the portal beside it, and starts browser and gateway. */
  static async start(launch: () => Promise<Browser>, { portal = false } = {}): Promise<Bench> {
    const folder = await mkdtemp(join(tmpdir(), 'crossfoot-elements-'));
    await build({ configFile, build: { outDir: folder } });
    if (portal) await build({ configFile, mode: 'portal', build: { outDir: join(folder, 'portal') } });
    const gateway = new SimulatedGateway(folder);
    const [origin, browser] = await Promise.all([gateway.listen(), launch()]);
    return new Bench({ gateway, origin, browser, folder });
  }

  /** The simulated books as they are now. */
  get books(): SimulatedBooks {
    return this.gateway.books;
  }

  /** Starts over with the sample books, no faults and no pages, keeping browser and build. */
  async reset(): Promise<void> {
    for (const page of this.#open) await this.#leave(page);
    this.#open.clear();
    this.gateway.cut(1000);
    this.gateway.books = sampleBooks();
    this.gateway.faults.clear();
    this.gateway.expired.clear();
    this.gateway.deniedTopics.clear();
    this.gateway.failingTopics.clear();
    this.gateway.policy = strictPolicy;
    this.gateway.requests.length = 0;
    this.gateway.subscriptions.length = 0;
    this.#violations.length = 0;
  }

  /**
   * How often an operation was asked for. An element asks when it starts and once more when its live connection
   * stands; what it shows of a change after the second time came to it as an event.
   */
  asked(operation: string): number {
    return this.gateway.requests.filter((request) => request.operation === operation).length;
  }

  /** Opens a page with the elements of the body inside a provider. */
  async open(body: string, opening: Opening = {}): Promise<Page> {
    const { as = 'ravi', head, bare = false } = opening;
    this.#pages += 1;
    const path = `/page-${this.#pages}.html`;
    const scripts = '<script src="/host.js"></script><script type="module" src="/crossfoot.js"></script>';
    const content = bare ? body : `<cf-provider endpoint="/graphql" book="bk_1">${body}</cf-provider>`;
    this.gateway.pages.set(
      path,
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bench</title>
      <link rel="stylesheet" href="/page.css">${head ?? scripts}</head>
      <body data-as="${as}"><main><h1>Bench</h1>${content}</main></body></html>`,
    );
    this.gateway.pages.set('/page.css', 'html { color-scheme: light dark; font: 14px/20px sans-serif; }');
    return this.visit(path, opening);
  }

  /** Opens a page of the gateway. */
  async visit(path: string, { scheme = 'light', width = 900 }: Opening = {}): Promise<Page> {
    const page = this.#idle.pop() ?? (await this.#newPage());
    this.#open.add(page);
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.goto(this.origin + path);
    return page;
  }

  async #newPage(): Promise<Page> {
    const page = await this.#browser.newPage();
    page.on('console', (message) => {
      if (/content security policy|trusted/i.test(message.text())) this.#violations.push(message.text());
    });
    page.on('pageerror', (error) => this.#violations.push(error.message));
    return page;
  }

  /** Empties a page for the next test, which is many times faster than a new one. */
  async #leave(page: Page): Promise<void> {
    await page.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
    await page.goto('about:blank');
    this.#idle.push(page);
  }

  /** Breaches of the content security policy and uncaught errors of all pages since the last reset. */
  get violations(): readonly string[] {
    return this.#violations;
  }

  /** Ends browser and gateway and removes the build. */
  async stop(): Promise<void> {
    await this.#browser.close();
    await this.gateway.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What the page heard of a type. */
export async function heard(page: Page, type: string): Promise<readonly Heard[]> {
  const all = await page.evaluate(() => (globalThis as unknown as { heard: Heard[] }).heard);
  return all.filter((event) => event.type === type);
}

/** The accessibility faults axe-core finds on the page, as rule and place. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const results = await page.evaluate(
    () =>
      (globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run({
        rules: { region: { enabled: false } },
      }) as Promise<AxeResults>,
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${JSON.stringify(node.target)} ${node.failureSummary ?? ''}`),
  );
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[];
  }[];
}
