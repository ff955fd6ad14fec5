import type { ConnectEvent } from '../base/cf-element.ts';
import { define } from '../base/define.ts';
import { CrossfootClient } from '../client/client.ts';
import type { LiveState } from '../client/live-events.ts';
import type { TokenProvider, TokenReason } from '../client/token.ts';

/** Asks the host page for a token; the host answers with `event.detail.respondWith(token or promise)`. */
export interface TokenRequest {
  readonly reason: TokenReason;
  readonly respondWith: (token: string | Promise<string>) => void;
}

/**
 * `<cf-provider endpoint="/graphql" book="bk_…">`: the session every Crossfoot element inside it uses.
 * @attr endpoint - address of the GraphQL endpoint, default "/graphql"
 * @attr book - id of the book the elements work on
 * @attr token - a fixed bearer token, where the host has no way to renew one
 * @fires cf-token - cancelable; the host answers with `event.detail.respondWith(token)`
 * @fires cf-live - the live connection changed its state; detail.state
 */
export class CfProvider extends HTMLElement {
  static readonly observedAttributes = ['endpoint', 'book', 'token'];

  /**
   * Gives a token on request; an alternative to the `cf-token` event for hosts that prefer a function.
   * Only declared: a field would wipe out what a host set before this class was loaded.
   */
  declare fetchToken: TokenProvider | undefined;
  #client: CrossfootClient | undefined;
  #started = false;

  connectedCallback(): void {
    this.#started = true;
    this.style.display = 'contents';
    this.addEventListener('cf-connect', this.#answer);
    this.#announce();
  }

  disconnectedCallback(): void {
    this.removeEventListener('cf-connect', this.#answer);
    this.#started = false;
    this.#client?.close();
    this.#client = undefined;
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (before !== after && this.#started) this.renew();
  }

  /** Starts a new session, as when another person signs in: elements inside ask for everything again. */
  renew(): void {
    this.#client?.close();
    this.#client = undefined;
    this.#announce();
  }

  /** The session in use; a host may run its own operations with it. Undefined until a book is named. */
  get client(): CrossfootClient | undefined {
    const book = this.getAttribute('book');
    if (!book || !this.#started) return undefined;
    if (!this.#client) {
      const client = new CrossfootClient({
        endpoint: this.getAttribute('endpoint') ?? '/graphql',
        book,
        provide: (reason) => this.#token(reason),
      });
      client.live.watchState((state) => this.#tell(state));
      this.#client = client;
    }
    return this.#client;
  }

  #announce(): void {
    if (this.getAttribute('book')) document.dispatchEvent(new Event('cf-provider-ready'));
  }

  readonly #answer = (event: Event): void => {
    // Asked by shape, not by class: the element may come from another copy of the bundle.
    if (!('attach' in event)) return;
    event.stopPropagation();
    const { client } = this;
    if (client) (event as ConnectEvent).attach(client);
  };

  #tell(state: LiveState): void {
    this.dispatchEvent(new CustomEvent('cf-live', { detail: { state }, bubbles: true, composed: true }));
  }

  async #token(reason: TokenReason): Promise<string> {
    if (this.fetchToken) return this.fetchToken(reason);
    let answer: string | Promise<string> | undefined;
    const detail: TokenRequest = {
      reason,
      respondWith: (token) => {
        answer = token;
      },
    };
    this.dispatchEvent(
      new CustomEvent('cf-token', { detail, bubbles: true, composed: true, cancelable: true }),
    );
    const fixed = this.getAttribute('token');
    if (answer === undefined && reason === 'init' && fixed) return fixed;
    if (answer === undefined) throw new Error('the page gave none. Answer the cf-token event.');
    return answer;
  }
}

define('cf-provider', CfProvider);
