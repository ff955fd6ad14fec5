/** Matches lines with open items as a person chose them. */
export const matchManually = `mutation MatchManually($input: MatchManuallyInput!) {
  matchManually(input: $input) {
    match { id status }
    errors { code message remedy path }
  }
}`;

/** Accepts many suggestions; what cannot be accepted is told of, the rest goes on. */
export const acceptMatches = `mutation AcceptMatches($input: AcceptMatchesInput!) {
  acceptMatches(input: $input) {
    matches { id status }
    errors { code message remedy path }
  }
}`;

/** Takes many accepted matches back; what cannot be taken back is told of, the rest goes on. */
export const undoMatches = `mutation UndoMatches($input: UndoMatchesInput!) {
  undoMatches(input: $input) {
    matches { id status }
    errors { code message remedy path }
  }
}`;

/** Lets a line and an item be suggested together again. */
export const withdrawDeclinedPair = `mutation WithdrawDeclinedPair($input: WithdrawDeclinedPairInput!) {
  withdrawDeclinedPair(input: $input) {
    withdrawn
    errors { code message remedy path }
  }
}`;

/** Books a line that settles nothing to an account. */
export const bookStatementLine = `mutation BookStatementLine($input: BookStatementLineInput!) {
  bookStatementLine(input: $input) {
    line { id status }
    errors { code message remedy path }
  }
}`;
