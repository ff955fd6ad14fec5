/** A piece of XML that is well-formed. */
export interface Xml {
  readonly text: string;
}

/** An element with a text, cut to so many characters; what XML cannot hold is left out. */
export function element(name: string, text: string, longest = 256): Xml {
  const held = text
    .toWellFormed()
    .replace(/[\p{Cc}\uFFFE\uFFFF]+/gu, ' ')
    .trim();
  const cut = held.length > longest ? Array.from(held).slice(0, longest).join('') : held;
  return { text: `<${name}>${escaped(cut)}</${name}>\n` };
}

/** An element of elements. */
export function group(name: string, children: readonly Xml[]): Xml {
  return { text: `<${name}>\n${children.map(({ text }) => text).join('')}</${name}>\n` };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
