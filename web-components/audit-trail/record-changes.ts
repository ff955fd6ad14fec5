/** One field of a record that a command changed, as text. */
export interface FieldChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** The fields that differ between two canonical JSON texts; a text that is not an object has none. */
export function recordChanges(before: string | null, after: string | null): readonly FieldChange[] {
  const old = fieldsOf(before);
  const fresh = fieldsOf(after);
  const names = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
  return names
    .map((field) => ({ field, before: text(old[field]), after: text(fresh[field]) }))
    .filter((change) => change.before !== change.after);
}

function fieldsOf(json: string | null): Record<string, unknown> {
  if (json === null) return {};
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A command's name as a sentence: "postJournalEntry" as "Post journal entry". */
export function commandWords(command: string): string {
  const spaced = command
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[._]/g, ' ')
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
