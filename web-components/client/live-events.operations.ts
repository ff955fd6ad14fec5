/** The live topics an element can follow; each is one subscription with a resume cursor. */
export const liveTopics = {
  draftChanged: `subscription DraftChanged($after: Cursor, $book: ID) {
    draftChanged(after: $after, bookId: $book) { cursor change draft { id } }
  }`,
  approvalRequestChanged: `subscription ApprovalRequestChanged($after: Cursor, $book: ID) {
    approvalRequestChanged(after: $after, bookId: $book) { cursor change approvalRequest { id } }
  }`,
  matchChanged: `subscription MatchChanged($after: Cursor, $book: ID) {
    matchChanged(after: $after, bookId: $book) { cursor change match { id } }
  }`,
  exceptionChanged: `subscription ExceptionChanged($after: Cursor, $book: ID) {
    exceptionChanged(after: $after, bookId: $book) { cursor change exception { id } }
  }`,
  journalEntryChanged: `subscription JournalEntryChanged($after: Cursor, $book: ID) {
    journalEntryChanged(after: $after, bookId: $book) { cursor change journalEntry { id } }
  }`,
  syncRunChanged: `subscription SyncRunChanged($after: Cursor, $book: ID) {
    syncRunChanged(after: $after, bookId: $book) { cursor change syncRun { id } }
  }`,
  matchingChanged: `subscription MatchingChanged($after: Cursor, $book: ID) {
    matchingChanged(after: $after, bookId: $book) { cursor change matching { id } }
  }`,
} as const;

/** The name of a live topic. */
export type LiveTopic = keyof typeof liveTopics;

/** One change as the API tells it, or undefined when something may have been missed and a look is due. */
export type LiveChange =
  | { readonly topic: LiveTopic; readonly change: string; readonly id: string }
  | undefined;
