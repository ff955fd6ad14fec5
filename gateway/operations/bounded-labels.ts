/**
 * Labels for figures from texts that clients choose: the first two hundred, and `other` for all that come later, so that
 * nobody fills the memory by inventing names.
 */
export function boundedLabels(most = 200): (text: string) => string {
  const known = new Set<string>();
  return (text) => {
    if (known.has(text)) return text;
    if (known.size >= most) return 'other';
    known.add(text);
    return text;
  };
}
