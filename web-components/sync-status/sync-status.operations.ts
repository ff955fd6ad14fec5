/** Every connected system of the book with its counts and last run. */
export const connectionStates = `query ConnectionStates($book: ID!) {
  connections(bookId: $book) {
    id kind name status target pending pushed failed
    lastRun { id status total pushed skipped failed startedAt finishedAt problem }
  }
}`;

/** Sends again what a connection could not send. */
export const retryConnection = `mutation RetryConnection($input: RetrySyncInput!) {
  retrySync(input: $input) {
    errors { code message remedy path }
  }
}`;

/** A run of a connection. */
export interface SyncRun {
  readonly id: string;
  readonly status: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  readonly total: number;
  readonly pushed: number;
  readonly skipped: number;
  readonly failed: number;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly problem: string | null;
}

/** A connected system. */
export interface ConnectionState {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly status: 'ACTIVE' | 'PAUSED' | 'FAILING';
  readonly target: string;
  readonly pending: number;
  readonly pushed: number;
  readonly failed: number;
  readonly lastRun: SyncRun | null;
}

/** Answer to `connectionStates`. */
export interface ConnectionStates {
  readonly connections: readonly ConnectionState[];
}
