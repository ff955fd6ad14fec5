const statementNames = new Map<string, string>();

/** A short name for each distinct statement, so that the server parses and plans it once for a connection. */
export function statementName(sql: string): string {
  let name = statementNames.get(sql);
  if (!name) {
    name = `s${statementNames.size}`;
    statementNames.set(sql, name);
  }
  return name;
}
