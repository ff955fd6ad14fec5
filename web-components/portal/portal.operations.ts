/** The book the portal shows. */
export const shownBook = `query ShownBook($book: ID!) {
  book(id: $book) { id name legalName baseCurrency }
}`;

/** Hands in a document without a file, as a chat bot or an expense app would. */
export const sendReceipt = `mutation SendReceipt($input: SubmitDocumentInput!) {
  submitDocument(input: $input) {
    document { id status number problems { message } }
    errors { code message remedy path }
  }
}`;
