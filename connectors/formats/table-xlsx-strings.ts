import { CrossfootError } from '#kernel/errors';

/** The texts that cells of a sheet refer to by number. */
export interface SharedStrings {
  add(text: string): void;
  /** Throws FILE_UNREADABLE for a number there is no text of. */
  at(index: number): string;
  readonly size: number;
}

const blockSize = 1024 * 1024;
const largest = 512 * 1024 * 1024;

/**
 * Keeps texts as bytes outside the heap of JavaScript, where a million of them take the room of their letters and eight
 * bytes each. Throws FILE_TOO_LARGE above half a gigabyte.
 */
export function sharedStrings(): SharedStrings {
  const blocks: Buffer[] = [];
  let starts = new Float64Array(1024);
  let count = 0;
  let end = 0;
  const write = (bytes: Buffer): void => {
    for (let from = 0; from < bytes.length;) {
      const at = end % blockSize;
      if (at === 0) blocks.push(Buffer.allocUnsafe(blockSize));
      const length = Math.min(bytes.length - from, blockSize - at);
      bytes.copy(blocks[blocks.length - 1] as Buffer, at, from, from + length);
      from += length;
      end += length;
    }
  };
  return {
    add(text) {
      if (count + 1 >= starts.length) {
        const longer = new Float64Array(starts.length * 2);
        longer.set(starts);
        starts = longer;
      }
      write(Buffer.from(text, 'utf8'));
      if (end > largest)
        throw new CrossfootError(
          'FILE_TOO_LARGE',
          `The texts of the spreadsheet take more than ${largest} bytes`,
        );
      count += 1;
      starts[count] = end;
    },
    at(index) {
      if (!(index >= 0 && index < count)) {
        throw new CrossfootError(
          'FILE_UNREADABLE',
          `A cell refers to text ${index} of ${count}; the spreadsheet is damaged`,
        );
      }
      const from = starts[index] as number;
      const to = starts[index + 1] as number;
      const block = Math.floor(from / blockSize);
      const at = from - block * blockSize;
      if (at + to - from <= blockSize)
        return (blocks[block] as Buffer | undefined)?.toString('utf8', at, at + to - from) ?? '';
      const last = Math.floor((to - 1) / blockSize);
      const joined = Buffer.concat(blocks.slice(block, last + 1));
      return joined.toString('utf8', at, at + to - from);
    },
    get size() {
      return count;
    },
  };
}
