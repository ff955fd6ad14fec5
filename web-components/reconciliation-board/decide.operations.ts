/** Matches lines with open items as a person chose them. */
export const matchManually = `mutation MatchManually($input: MatchManuallyInput!) {
  matchManually(input: $input) {
    match { id status }
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
