/** Names banks and suppliers give to encodings that the platform's decoder does not know by that name. */
const ALIASES: Readonly<Record<string, string>> = {
  '1252': 'windows-1252',
  '1250': 'windows-1250',
  '8859-1': 'windows-1252',
  USASCII: 'windows-1252',
  'US-ASCII': 'windows-1252',
  LATIN1: 'windows-1252',
  ANSI: 'windows-1252',
  UNICODE: 'utf-8',
};

/**
 * Turns the bytes of a text file into text without a byte order mark. Order of trust: byte order mark, UTF-16 by its
 * zero bytes, strict UTF-8, the declared encoding, windows-1252. Strict UTF-8 goes before the declaration because many
 * files declare an old code page and are UTF-8, while text in an old code page hardly ever is valid UTF-8 by accident.
 * A zero character becomes U+FFFD, since no text column can hold it. Never throws.
 */
export function decodeText(bytes: Uint8Array, declared?: string): string {
  const text =
    decodeStrictly(bytes, byMark(bytes) ?? 'utf-8') ??
    decodeStrictly(bytes, declared) ??
    new TextDecoder('windows-1252').decode(bytes);
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

/** The encoding that an XML declaration or an OFX header names in the first bytes of a file, if one does. */
export function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, 1024));
  const xml = /<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/i.exec(head)?.[1];
  if (xml !== undefined) return xml;
  const charset = /^\s*CHARSET:\s*([\w.-]+)/im.exec(head)?.[1];
  return charset === undefined || charset.toUpperCase() === 'NONE' ? undefined : charset;
}

function byMark(bytes: Uint8Array): string | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (second === 0 && fourth === 0 && first !== 0 && third !== 0) return 'utf-16le';
  if (first === 0 && third === 0 && second !== 0 && fourth !== 0) return 'utf-16be';
  return undefined;
}

function decodeStrictly(bytes: Uint8Array, encoding: string | undefined): string | undefined {
  if (encoding === undefined) return undefined;
  try {
    return new TextDecoder(ALIASES[encoding.toUpperCase()] ?? encoding, { fatal: true }).decode(bytes);
  } catch {
    // Either the bytes do not fit the encoding or nobody knows it; the caller goes on with the next candidate.
    return undefined;
  }
}
