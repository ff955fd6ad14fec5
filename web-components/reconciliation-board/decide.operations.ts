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

/** Carries out one of the ways out an exception proposes; answers the line as it stands then. */
export const applyResolution = `mutation ApplyResolution($input: ApplyResolutionInput!) {
  applyResolution(input: $input) {
    exception { id status line { id match { id } } }
    errors { code message remedy path }
  }
}`;

/** Closes an exception with words. */
export const resolveException = `mutation ResolveException($input: ResolveExceptionInput!) {
  resolveException(input: $input) {
    exception { id status }
    errors { code message remedy path }
  }
}`;

/** Says something about an exception. */
export const commentException = `mutation CommentException($input: CommentExceptionInput!) {
  commentException(input: $input) {
    exception { id }
    errors { code message remedy path }
  }
}`;

/** Says who looks after an exception. */
export const assignException = `mutation AssignException($input: AssignExceptionInput!) {
  assignException(input: $input) {
    exception { id owner { id } }
    errors { code message remedy path }
  }
}`;

/** Says no to a proposed rule, which is not proposed again. */
export const declineRuleProposal = `mutation DeclineRuleProposal($input: DeclineRuleProposalInput!) {
  declineRuleProposal(input: $input) {
    proposals { id }
    errors { code message remedy path }
  }
}`;
