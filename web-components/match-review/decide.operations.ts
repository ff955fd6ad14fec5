/** Accepts a suggested match. */
export const acceptMatch = `mutation AcceptMatch($input: AcceptMatchInput!) {
  acceptMatch(input: $input) {
    match { id status }
    errors { code message remedy path }
  }
}`;

/** Declines a suggested match; the reason keeps the same suggestion from coming back. */
export const declineMatch = `mutation DeclineMatch($input: DeclineMatchInput!) {
  declineMatch(input: $input) {
    match { id status }
    errors { code message remedy path }
  }
}`;

/** Takes an accepted match back. */
export const undoMatch = `mutation UndoMatch($input: UndoMatchInput!) {
  undoMatch(input: $input) {
    match { id status }
    errors { code message remedy path }
  }
}`;
