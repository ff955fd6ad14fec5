/** Basis points from 0 to 10000 as the decimal from 0 to 1 the API shows: 8550 is "0.8550". */
export function fraction(basisPoints: number): string {
  return `${Math.floor(basisPoints / 10_000)}.${String(basisPoints % 10_000).padStart(4, '0')}`;
}
