/** An entry that stands in the books. */
export interface PostedEntry {
  readonly id: string;
  readonly number: string;
  /** Set when the entry was in the books before under the same key; nothing was posted for it now. */
  readonly earlier?: true;
}
