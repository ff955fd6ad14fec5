import {
  html,
  LitElement,
  nothing,
  type CSSResultGroup,
  type PropertyDeclarations,
  type TemplateResult,
} from 'lit';
import type { CrossfootClient } from '../client/client.ts';
import { Failure, failureOf } from '../client/failure.ts';
import type { LiveChange, LiveTopic } from '../client/live-events.operations.ts';
import { controls } from '../theme/controls.ts';
import { foundation } from '../theme/foundation.ts';
import { states } from '../theme/states.ts';
import { tokens } from '../theme/tokens.ts';
import { failureState, skeleton, staleBar } from './states.ts';

/** Sent up by an element that looks for its provider; whoever answers calls `attach`. */
export class ConnectEvent extends Event {
  readonly attach: (client: CrossfootClient) => void;

  constructor(attach: (client: CrossfootClient) => void) {
    super('cf-connect', { bubbles: true, composed: true });
    this.attach = attach;
  }
}

const tick = 15_000;

/**
 * What every Crossfoot element shares: it finds its provider, loads its data, reloads when a live topic it
 * follows changes, shows one of the states loading, empty, error, forbidden, offline or its content, and
 * tells failures through the `cf-error` event.
 * @fires cf-error - the element could not load or change something; detail has kind, code, message, remedy
 */
export abstract class CfElement<Data = unknown> extends LitElement {
  static override properties: PropertyDeclarations = {
    heading: {},
    data: { state: true },
    failure: { state: true },
  };
  static override styles: CSSResultGroup = [tokens, foundation, controls, states];

  declare heading: string | undefined;
  declare protected data: Data | undefined;
  declare protected failure: Failure | undefined;
  protected client: CrossfootClient | undefined;
  #unfollow: (() => void)[] = [];
  #settling: ReturnType<typeof setTimeout> | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #subject = 0;
  #underway = false;
  #again = false;

  /** Fetches what the element shows. */
  protected abstract load(client: CrossfootClient): Promise<Data>;
  /** Draws loaded data. */
  protected abstract renderContent(data: Data): TemplateResult;
  /** The panel's title when the host gives no `heading`. */
  protected abstract readonly defaultHeading: string;

  /** The live topics after whose changes the element loads again. */
  protected get topics(): readonly LiveTopic[] {
    return [];
  }

  /** Whether a change on a followed topic is a reason to load again; undefined stands for "look yourself". */
  protected concerns(_change: LiveChange): boolean {
    return true;
  }

  /** What to draw instead of content when there is nothing. */
  protected renderEmpty(_data: Data): TemplateResult | undefined {
    return undefined;
  }

  /** The language of the closest ancestor that names one. */
  protected get locale(): string {
    const named = this.closest<HTMLElement>('[lang]')?.lang || document.documentElement.lang;
    return named || navigator.language;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Frameworks read the element right after inserting it, so the first render is not left to a microtask.
    if (!this.hasUpdated) this.performUpdate();
    document.addEventListener('cf-provider-ready', this.#findProvider);
    this.#findProvider();
    if (!this.client && !insideProvider(this)) this.failure = noProvider();
    this.#ticking = setInterval(() => this.requestUpdate(), tick);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('cf-provider-ready', this.#findProvider);
    clearInterval(this.#ticking);
    clearTimeout(this.#settling);
    this.#detach();
    this.client = undefined;
  }

  readonly #findProvider = (): void => {
    this.dispatchEvent(
      new ConnectEvent((client) => {
        if (client === this.client) return;
        this.#detach();
        this.client = client;
        this.data = undefined;
        for (const topic of this.topics) {
          const listener = (change: LiveChange): void => {
            if (this.concerns(change)) this.refreshSoon();
          };
          this.#unfollow.push(client.live.follow(topic, listener));
        }
        this.changeSubject();
      }),
    );
  };

  #detach(): void {
    for (const unfollow of this.#unfollow) unfollow();
    this.#unfollow = [];
  }

  /** How long a burst of changes may go on before the element loads again, in milliseconds. */
  protected get settleTime(): number {
    return 60;
  }

  /** Loads again shortly, once for a burst of changes. */
  protected refreshSoon(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.refresh(), this.settleTime);
  }

  /** Loads what the element is about now; an answer about what it was about before is dropped. */
  protected changeSubject(): void {
    this.#subject += 1;
    this.#underway = false;
    this.#again = false;
    this.failure = undefined;
    void this.refresh();
  }

  /** Loads again now; when a load is underway, once more after it. */
  async refresh(): Promise<void> {
    const { client } = this;
    const subject = this.#subject;
    if (!client) return;
    if (this.#underway) {
      this.#again = true;
      return;
    }
    this.#underway = true;
    const outcome = await this.load(client).then(
      (data) => ({ data, failure: undefined }),
      (thrown: unknown) => ({ data: this.data, failure: thrown }),
    );
    if (subject !== this.#subject || client !== this.client) return;
    this.#underway = false;
    this.data = outcome.data;
    this.failure = outcome.failure === undefined ? undefined : this.report(outcome.failure);
    if (!this.#again) return;
    this.#again = false;
    await this.refresh();
  }

  /** Tells the host about a failure and returns it. */
  protected report(thrown: unknown): Failure {
    const failure = failureOf(thrown);
    const { kind, code, message, remedy } = failure;
    this.emit('cf-error', { kind, code, message, remedy });
    return failure;
  }

  /** Sends an event the host can hear above the element; false when the host prevented it. */
  protected emit(type: string, detail: unknown, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable }));
  }

  /** The panel's title: the host's `heading`, else the element's own. */
  protected panelTitle(_data: Data | undefined): string {
    return this.heading ?? this.defaultHeading;
  }

  /** What stands beside the title, such as a count or a chip. */
  protected renderAside(_data: Data): TemplateResult | typeof nothing {
    return nothing;
  }

  override render(): TemplateResult {
    const title = this.panelTitle(this.data);
    return html`<section class="panel" part="panel" aria-label=${title} aria-busy=${this.#isLoading()}>
      <header class="panel-header" part="header">
        <h2 part="title">${title}</h2>
        ${this.data === undefined ? nothing : this.renderAside(this.data)}
      </header>
      ${this.renderState()}
    </section>`;
  }

  #isLoading(): 'true' | 'false' {
    return this.data === undefined && !this.failure ? 'true' : 'false';
  }

  /** The state the element is in, without the panel around it. */
  protected renderState(): TemplateResult {
    const { data, failure } = this;
    if (data === undefined) {
      if (failure) return failureState(failure, () => void this.retry());
      return skeleton();
    }
    const content = this.renderEmpty(data) ?? this.renderContent(data);
    return failure ? html`${staleBar(failure)}${content}` : content;
  }

  /** Forgets the failure and loads again. */
  protected async retry(): Promise<void> {
    this.failure = undefined;
    await this.refresh();
  }
}

function insideProvider(element: Element): boolean {
  let node: Node | null = element;
  while (node) {
    if (node instanceof Element && node.localName === 'cf-provider') return true;
    node = node.parentNode ?? (node instanceof ShadowRoot ? node.host : null);
  }
  return false;
}

function noProvider(): Failure {
  return new Failure({
    kind: 'server',
    code: 'NO_PROVIDER',
    message: 'This element has no session.',
    remedy: 'Put it inside <cf-provider endpoint="…" book="…">.',
  });
}

/** The trimmed text of a named field of the form that is submitted; empty when the form has no such text. */
export function submittedText(event: SubmitEvent, name: string): string {
  const value = new FormData(event.target as HTMLFormElement).get(name);
  return typeof value === 'string' ? value.trim() : '';
}
