import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** The rows of a long list that are drawn: from `first` up to, not including, `last`. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

interface Scrolled {
  readonly scrolled: number;
  readonly seen: number;
  readonly rowHeight: number;
  readonly count: number;
}

/** Rows move in steps of this many, so that most scroll events draw nothing. */
const step = 8;

/** The rows to draw when so many pixels are scrolled away and so many seen, with a step of rows to spare on both sides. */
export function rowsInView({ scrolled, seen, rowHeight, count }: Scrolled): RowRange {
  const top = Math.max(0, Math.min(Math.floor(scrolled / rowHeight), count - 1));
  const first = Math.max(0, Math.floor(top / step) * step - step);
  // Always as many rows, whatever is in view, so that none is made or dropped while somebody scrolls.
  const drawn = (Math.ceil(seen / rowHeight / step) + 3) * step;
  return { first, last: Math.min(count, first + drawn) };
}

interface WindowOptions {
  readonly rowHeight: number;
  readonly count: () => number;
  /** Called with the rows in view whenever they change. */
  readonly seen: (range: RowRange) => void;
}

/**
 * Draws the rows in view of a list of any length and of rows of one height. The host renders a scrolling box
 * (`bind` it with `ref`) that holds a spacer, which holds one block of the rows of `range`; the rows of that block are
 * used again for what comes into view. Places are set through the object model, for a strict policy refuses style
 * attributes.
 */
export class VirtualWindow implements ReactiveController {
  range: RowRange = { first: 0, last: 0 };
  readonly #host: ReactiveControllerHost;
  readonly #options: WindowOptions;
  #box: HTMLElement | undefined;
  #watching: ResizeObserver | undefined;

  constructor(host: ReactiveControllerHost, options: WindowOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  /** Takes the scrolling box the host has drawn, or lets go of it. */
  readonly bind = (box: Element | undefined): void => {
    if (box === this.#box) return;
    this.#watching?.disconnect();
    this.#box?.removeEventListener('scroll', this.#look);
    this.#box = box instanceof HTMLElement ? box : undefined;
    if (!this.#box) return;
    this.#box.addEventListener('scroll', this.#look, { passive: true });
    this.#watching = new ResizeObserver(this.#look);
    this.#watching.observe(this.#box);
  };

  hostUpdate(): void {
    // Nothing may lie behind the end after the list has become shorter.
    this.range = { first: this.range.first, last: Math.min(this.range.last, this.#options.count()) };
    if (this.#box) this.#measure(this.#box);
  }

  hostUpdated(): void {
    const { rowHeight, count } = this.#options;
    const spacer = this.#box?.firstElementChild as HTMLElement | null;
    const block = spacer?.firstElementChild as HTMLElement | null;
    if (!spacer || !block) return;
    spacer.style.blockSize = `${count() * rowHeight}px`;
    block.style.transform = `translateY(${this.range.first * rowHeight}px)`;
  }

  hostDisconnected(): void {
    this.bind(undefined);
  }

  /** Scrolls as little as brings a row into view. */
  show(index: number): void {
    const box = this.#box;
    if (!box) return;
    const { rowHeight } = this.#options;
    const [top, bottom] = [index * rowHeight, (index + 1) * rowHeight];
    if (top < box.scrollTop) box.scrollTop = top;
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
    this.#look();
  }

  /** How many rows fit into view at once. */
  get page(): number {
    return Math.max(1, Math.floor((this.#box?.clientHeight ?? 0) / this.#options.rowHeight));
  }

  readonly #look = (): void => {
    if (this.#box && this.#measure(this.#box)) this.#host.requestUpdate();
  };

  #measure(box: HTMLElement): boolean {
    const { rowHeight, count, seen } = this.#options;
    const range = rowsInView({
      scrolled: box.scrollTop,
      seen: box.clientHeight,
      rowHeight,
      count: count(),
    });
    if (range.first === this.range.first && range.last === this.range.last) return false;
    this.range = range;
    seen(range);
    return true;
  }
}
