/**
 * Whether the text of a plan's step only reads. The planner prints the kind of an operation first; what begins
 * otherwise is taken for a write.
 */
export function onlyReads(query: string): boolean {
  return /^\s*(?:query\b|\{)/.test(query);
}
