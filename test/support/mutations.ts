import { unzipSync, zipSync } from 'fflate';

/** Whole numbers from 0 to before the limit, the same for the same seed. */
export type Draw = (limit: number) => number;

/** A generator of pseudo-random numbers (mulberry32). */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return limit <= 1 ? 0 : ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** Bytes that mean something in one format or another. */
const MARKS = Buffer.from('<>&/^:;,"\'!?+-{}\n\r\t 0123456789\u0000\u0001\u007f\u00ff', 'latin1');
/** A mutated file is no longer than this, unless it was before. */
const LONGEST = 256 * 1024;

/** What can happen to a file on its way, and what somebody may have done to it. */
export const MUTATIONS = {
  flip: (bytes, draw) => {
    const changed = Buffer.from(bytes);
    for (let count = 1 + draw(8); count > 0 && changed.length > 0; count -= 1) {
      const at = draw(changed.length);
      changed[at] = draw(2) === 0 ? (changed[at] ?? 0) ^ (1 << draw(8)) : (MARKS[draw(MARKS.length)] ?? 0);
    }
    return changed;
  },
  truncate: (bytes, draw) => bytes.subarray(0, draw(bytes.length + 1)),
  behead: (bytes, draw) => bytes.subarray(draw(bytes.length + 1)),
  remove: (bytes, draw) => {
    const [from, to] = span(bytes, draw);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  duplicate: (bytes, draw) => {
    const [from, to] = span(bytes, draw);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  repeat: (bytes, draw) => {
    const [from, to] = span(bytes, draw, 200);
    const piece = bytes.subarray(from, to);
    const most = Math.floor(Math.max(0, LONGEST - bytes.length) / Math.max(1, piece.length));
    const times = Math.min(most, 1 + draw(4000));
    return Buffer.concat([
      bytes.subarray(0, to),
      ...Array.from({ length: times }, () => piece),
      bytes.subarray(to),
    ]);
  },
  swap: (bytes, draw) => {
    const cuts = [draw(bytes.length + 1), draw(bytes.length + 1), draw(bytes.length + 1)];
    const [a = 0, b = 0, c = 0] = cuts.sort((one, other) => one - other);
    return Buffer.concat([
      bytes.subarray(0, a),
      bytes.subarray(b, c),
      bytes.subarray(a, b),
      bytes.subarray(c),
    ]);
  },
  digits: (bytes, draw) => {
    const from = bytes.findIndex((byte, at) => at >= draw(bytes.length) && byte >= 0x30 && byte <= 0x39);
    const long = Buffer.alloc(1 + draw(400), 0x39);
    return from === -1 ? bytes : Buffer.concat([bytes.subarray(0, from), long, bytes.subarray(from)]);
  },
  letters: (bytes, draw) => {
    // Letters stay letters and digits stay digits, so that the form of the file outlives it.
    const changed = Buffer.from(bytes);
    for (let count = 1 + draw(12); count > 0 && changed.length > 0; count -= 1) {
      const at = draw(changed.length);
      const byte = changed[at] ?? 0;
      if (byte >= 0x30 && byte <= 0x39) changed[at] = 0x30 + draw(10);
      else if ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a))
        changed[at] = (byte & 0xe0) + 1 + draw(26);
    }
    return changed;
  },
  element: (bytes, draw) => {
    // A leaf of XML that is gone, twice there, empty or holds something else.
    const text = bytes.toString('latin1');
    const leaves = Array.from(text.matchAll(/<([\w:]+)[^<>]*>[^<>]*<\/\1>/g));
    const leaf = leaves[draw(leaves.length)];
    if (leaf === undefined) return bytes;
    const [whole, name = ''] = leaf;
    const values = [
      '',
      whole + whole,
      `<${name}/>`,
      whole.replace(/>[^<]*</, '>-1<'),
      `<${name}>${whole}</${name}>`,
    ];
    const chosen = values[draw(values.length)] ?? '';
    return Buffer.from(text.slice(0, leaf.index) + chosen + text.slice(leaf.index + whole.length), 'latin1');
  },
  lines: (bytes, draw) => {
    const text = bytes.toString('latin1').split('\n');
    const [from, to] = [draw(text.length), draw(text.length)];
    const line = text[from] ?? '';
    const how = draw(3);
    if (how === 0) text.splice(from, 1);
    else if (how === 1) text.splice(to, 0, line);
    else [text[from], text[to]] = [text[to] ?? '', line];
    return Buffer.from(text.join('\n'), 'latin1');
  },
} as const satisfies Readonly<Record<string, (bytes: Buffer, draw: Draw) => Buffer>>;

function span(bytes: Buffer, draw: Draw, longest = bytes.length): [number, number] {
  const from = draw(bytes.length + 1);
  return [from, Math.min(bytes.length, from + 1 + draw(longest))];
}

/** A copy to which one to four of them happened, and their names; in a ZIP archive often to a file within. */
export function mutated(bytes: Buffer, draw: Draw): { bytes: Buffer; names: string[] } {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (!isZip || draw(3) === 0) return mutatedFile(bytes, draw);
  const parts = unzipSync(bytes);
  const entries = Object.keys(parts);
  const name = entries[draw(entries.length)] ?? '';
  const changed = mutatedFile(Buffer.from(parts[name] ?? []), draw);
  const zipped = Buffer.from(zipSync({ ...parts, [name]: changed.bytes }, { mtime: '2020-01-01' }));
  return { bytes: zipped, names: changed.names };
}

function mutatedFile(bytes: Buffer, draw: Draw): { bytes: Buffer; names: string[] } {
  const names: string[] = [];
  let changed = bytes;
  // Almost anything makes XML malformed, so that every second copy keeps its form.
  const keepsForm = bytes[0] === 0x3c && draw(2) === 0;
  const all = Object.entries(keepsForm ? { element: MUTATIONS.element } : MUTATIONS);
  for (let count = 1 + draw(4); count > 0; count -= 1) {
    const [name, mutate] = all[draw(all.length)] ?? ['flip', MUTATIONS.flip];
    names.push(name);
    changed = mutate(changed, draw);
  }
  return { bytes: changed, names };
}
