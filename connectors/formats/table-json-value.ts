/** A value of a JSON text: numbers as they are written, because a binary number would change them; null is empty text. */
export type JsonValue = string | readonly JsonValue[] | ReadonlyMap<string, JsonValue>;

/** Why a text is no JSON, or JSON with two values for one name. */
export class JsonProblem extends Error {}

const deepest = 16;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?=[\s,\]}]|$)/y;

/** Reads one JSON value strictly and without loss: a name that stands twice in an object is refused. Throws JsonProblem. */
export function parseJson(text: string): JsonValue {
  const reader = { text, at: 0 };
  const value = readValue(reader, 0);
  skipSpace(reader);
  if (reader.at < text.length)
    throw new JsonProblem(`there is something behind the value: ${text.slice(reader.at, reader.at + 20)}`);
  return value;
}

interface Reader {
  readonly text: string;
  at: number;
}

function readValue(reader: Reader, depth: number): JsonValue {
  skipSpace(reader);
  if (depth > deepest) throw new JsonProblem(`values are nested more than ${deepest} deep`);
  const { text, at } = reader;
  switch (text.charAt(at)) {
    case '"':
      return readString(reader);
    case '{':
      return readObject(reader, depth);
    case '[':
      return readList(reader, depth);
    default: {
      scalar.lastIndex = at;
      const found = scalar.exec(text)?.[0];
      if (found === undefined)
        throw new JsonProblem(
          at < text.length ? `unexpected ${text.slice(at, at + 20)}` : 'it ends too soon',
        );
      reader.at += found.length;
      return found === 'null' ? '' : found;
    }
  }
}

function readObject(reader: Reader, depth: number): JsonValue {
  const object = new Map<string, JsonValue>();
  reader.at += 1;
  skipSpace(reader);
  if (takes(reader, '}')) return object;
  for (;;) {
    skipSpace(reader);
    if (reader.text[reader.at] !== '"') throw new JsonProblem('a name in quotation marks is missing');
    const name = readString(reader);
    if (object.has(name)) throw new JsonProblem(`the name "${name}" stands twice in one object`);
    skipSpace(reader);
    if (!takes(reader, ':')) throw new JsonProblem(`the colon behind "${name}" is missing`);
    object.set(name, readValue(reader, depth + 1));
    skipSpace(reader);
    if (takes(reader, '}')) return object;
    if (!takes(reader, ',')) throw new JsonProblem(`the comma behind "${name}" is missing`);
  }
}

function readList(reader: Reader, depth: number): JsonValue {
  const list: JsonValue[] = [];
  reader.at += 1;
  skipSpace(reader);
  if (takes(reader, ']')) return list;
  for (;;) {
    list.push(readValue(reader, depth + 1));
    skipSpace(reader);
    if (takes(reader, ']')) return list;
    if (!takes(reader, ',')) throw new JsonProblem('a comma is missing in a list');
  }
}

function readString(reader: Reader): string {
  const { text, at } = reader;
  let end = at + 1;
  for (;;) {
    const quote = text.indexOf('"', end);
    if (quote === -1) throw new JsonProblem('a text is not closed');
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
    end = quote + 1;
    if (backslashes % 2 === 0) break;
  }
  reader.at = end;
  try {
    const value = JSON.parse(text.slice(at, end)) as string;
    return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value.toWellFormed();
  } catch {
    throw new JsonProblem(`${text.slice(at, Math.min(end, at + 30))} is no text`);
  }
}

function skipSpace(reader: Reader): void {
  for (;;) {
    const code = reader.text.charCodeAt(reader.at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
    reader.at += 1;
  }
}

function takes(reader: Reader, character: string): boolean {
  if (reader.text[reader.at] !== character) return false;
  reader.at += 1;
  return true;
}
