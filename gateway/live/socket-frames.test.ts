import { expect, test } from 'vitest';
import { framesFor, nextFrames } from './socket-frames.ts';

const position = { xid: 1n, id: 1n };
const payloadOf = (length: number) => ({
  position,
  payload: Buffer.from(JSON.stringify('x'.repeat(length - 2))),
});

/** Takes frames apart as RFC 6455 says. */
function read(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    expect(bytes[at]).toBe(0x81);
    const short = bytes[at + 1] ?? 0;
    const [start, length] =
      short < 126
        ? [2, short]
        : short === 126
          ? [4, bytes.readUInt16BE(at + 2)]
          : [10, Number(bytes.readBigUInt64BE(at + 2))];
    texts.push(bytes.subarray(at + start, at + start + length).toString());
    at += start + length;
  }
  return texts;
}

const around = '{"id":"1","type":"next","payload":}'.length;

test.each([10, 125 - around, 126 - around, 65_535 - around, 65_536 - around, 200_000])(
  'a message of %i bytes is framed whole',
  (length) => {
    const message = payloadOf(length);
    const [text, ...more] = read(nextFrames([message], '"1"').bytes);
    expect(more).toEqual([]);
    expect(JSON.parse(text ?? '')).toEqual({
      id: '1',
      type: 'next',
      payload: JSON.parse(message.payload.toString()) as unknown,
    });
  },
);

test('frames made for one subscriber become those of another by its id alone', () => {
  const messages = [payloadOf(10), payloadOf(300), payloadOf(70_000)];
  const made = nextFrames(messages, '"aé"');
  const before = Buffer.from(made.bytes);
  const other = framesFor(made, '"bcd"');
  expect(other).toEqual(nextFrames(messages, '"bcd"').bytes);
  expect(made.bytes).toEqual(before);
  // Whoever has the id for which they were made gets them without a copy.
  expect(framesFor(made, '"aé"')).toBe(made.bytes);
});
