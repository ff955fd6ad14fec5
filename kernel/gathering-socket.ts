import { Socket } from 'node:net';

/**
 * A socket that sends what is written in one go as one packet: a command's `begin`, its question and its first query
 * leave with one system call, and the server wakes up once for all of them.
 */
export class GatheringSocket extends Socket {
  #gathering = false;

  override write(data: Uint8Array | string, ...rest: unknown[]): boolean {
    if (!this.#gathering) {
      this.#gathering = true;
      this.cork();
      process.nextTick(() => {
        this.#gathering = false;
        this.uncork();
      });
    }
    return super.write(data, ...(rest as never[]));
  }
}
