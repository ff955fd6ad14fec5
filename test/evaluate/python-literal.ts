/** A value of a Python literal; tuples and lists are both arrays. */
export type PythonValue = null | boolean | number | string | PythonValue[] | { [key: string]: PythonValue };

const TOKEN = /\s*(?:#[^\n]*\s*)*(u?'(?:[^'\\]|\\[\s\S])*'|u?"(?:[^"\\]|\\[\s\S])*"|[[\](){},:]|[\w.+-]+)/y;

/** Reads what Python prints of lists, tuples, dictionaries, texts and numbers; throws an Error for anything else. */
export function readPython(text: string): PythonValue {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) tokens.push(match[1] ?? '');
  let at = 0;
  const value = (): PythonValue => {
    const token = tokens[at] ?? '';
    at += 1;
    if (token === '[' || token === '(') return list(token === '[' ? ']' : ')');
    if (token === '{') return dictionary();
    if (/^u?['"]/.test(token)) return texts(token);
    if (token === 'None') return null;
    if (token === 'True' || token === 'False') return token === 'True';
    if (/^[+-]?\d/.test(token)) return Number(token);
    throw new Error(`not a Python literal at ${token}`);
  };
  const list = (end: string): PythonValue[] => {
    const values: PythonValue[] = [];
    while (tokens[at] !== end) {
      values.push(value());
      if (tokens[at] === ',') at += 1;
    }
    at += 1;
    return values;
  };
  const dictionary = (): Record<string, PythonValue> => {
    const entries: [string, PythonValue][] = [];
    while (tokens[at] !== '}') {
      const key = value();
      if (typeof key !== 'string') throw new Error('keys of dictionaries are texts here');
      at += 1;
      entries.push([key, value()]);
      if (tokens[at] === ',') at += 1;
    }
    at += 1;
    return Object.fromEntries(entries);
  };
  // Texts that stand side by side are one.
  const texts = (first: string): string => {
    let whole = unquoted(first);
    while (/^u?['"]/.test(tokens[at] ?? '')) {
      whole += unquoted(tokens[at] ?? '');
      at += 1;
    }
    return whole;
  };
  return value();
}

function unquoted(token: string): string {
  const inner = token.replace(/^u/, '').slice(1, -1);
  return inner.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([\s\S]))/gi, (_all, hex, wide, one) => {
    const code: unknown = hex ?? wide;
    if (typeof code === 'string') return String.fromCharCode(Number.parseInt(code, 16));
    return one === 'n' ? '\n' : one === 't' ? '\t' : String(one);
  });
}
