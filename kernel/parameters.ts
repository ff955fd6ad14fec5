/**
 * Parameters of a statement as the driver takes them. Lists of texts, numbers and nothing are written as array literals
 * here: the driver looks at every element several times, which posting a thousand entries feels.
 */
export function parameters(values: readonly unknown[]): unknown[] {
  return values.map((value) => (Array.isArray(value) ? (arrayLiteral(value) ?? value) : value));
}

/** The list as PostgreSQL writes it; undefined for one that holds anything but texts, numbers, booleans and nothing. */
export function arrayLiteral(list: readonly unknown[]): string | undefined {
  let text = '{';
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index];
    if (index > 0) text += ',';
    if (typeof item === 'string') text += quoted(item);
    else if (item === null || item === undefined) text += 'NULL';
    else if (typeof item === 'bigint' || typeof item === 'number' || typeof item === 'boolean')
      text += item.toString();
    else return undefined;
  }
  return `${text}}`;
}

function quoted(text: string): string {
  return /["\\]/.test(text) ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : `"${text}"`;
}
