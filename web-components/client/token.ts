import { Failure } from './failure.ts';

/** Why a token is wanted: the first one, or because the last one is no longer taken. */
export type TokenReason = 'init' | 'expired';

/** Gives a fresh bearer token. */
export type TokenProvider = (reason: TokenReason) => Promise<string>;

/** Holds the bearer token and asks for a new one once, however many requests find it expired together. */
export class TokenHolder {
  readonly #provide: TokenProvider;
  #token: string | undefined;
  #underway: Promise<string> | undefined;

  constructor(provide: TokenProvider) {
    this.#provide = provide;
  }

  /** The token at hand, or the first one. */
  current(): Promise<string> {
    return this.#token === undefined ? this.#ask('init') : Promise.resolve(this.#token);
  }

  /** A token other than `used`; asks for one only when nobody else has already done so. */
  async after(used: string): Promise<string> {
    if (this.#token !== undefined && this.#token !== used) return this.#token;
    return this.#ask('expired');
  }

  #ask(reason: TokenReason): Promise<string> {
    if (this.#underway) return this.#underway;
    this.#underway = this.#provide(reason).then(
      (token) => {
        this.#token = token;
        this.#underway = undefined;
        return token;
      },
      (cause: unknown) => {
        this.#underway = undefined;
        throw cause instanceof Failure ? cause : noToken(cause);
      },
    );
    return this.#underway;
  }
}

function noToken(cause: unknown): Failure {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Failure({
    kind: 'unauthenticated',
    code: 'TOKEN_UNAVAILABLE',
    message: `No session token: ${why}`,
    remedy: 'Sign in to the portal again.',
  });
}
