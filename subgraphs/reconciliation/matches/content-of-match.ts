/** Lines and items of a match as one text, the same in whatever order they are named. */
export function contentOfMatch(match: {
  readonly lineIds: readonly string[];
  readonly items: readonly { readonly id: string; readonly applied: { readonly minor: bigint } }[];
}): string {
  const items = match.items.map(({ id, applied }) => `${id}=${applied.minor}`).toSorted();
  return `${match.lineIds.toSorted().join(',')};${items.join(',')}`;
}
