import type { Dispatcher } from 'undici';

/** One POST; `body` and the answer are text in UTF-8. */
export interface TextPost {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back, whatever the status. */
export interface TextAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Sends a POST and gives the whole answer. It stands directly on the dispatcher: undici's own `request` makes a stream
 * and its promises for each answer, which costs as much again as sending and receiving one of a few kilobytes.
 * Rejects when the connection breaks or a time limit of the dispatcher passes.
 */
export function postText(dispatcher: Dispatcher, { path, headers, body }: TextPost): Promise<TextAnswer> {
  return new Promise((resolve, reject) => {
    dispatcher.dispatch({ method: 'POST', path, headers, body }, new WholeAnswer(resolve, reject));
  });
}

class WholeAnswer implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: TextAnswer) => void;
  readonly #reject: (error: Error) => void;
  #status = 0;
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;

  constructor(resolve: (answer: TextAnswer) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Asked for by undici; nothing is to be prepared. */
  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    // After a 1xx comes the answer itself.
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#first === undefined) this.#first = chunk;
    else (this.#more ??= [this.#first]).push(chunk);
  }

  onResponseEnd(): void {
    // Decoded as a whole: a chunk may end within a character.
    const bytes = this.#more ? Buffer.concat(this.#more) : this.#first;
    this.#resolve({ status: this.#status, text: bytes === undefined ? '' : bytes.toString() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error);
  }
}
