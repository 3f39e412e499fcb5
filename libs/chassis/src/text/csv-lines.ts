/** One line of a file: where it lies, its number, and its text once that was asked for. */
export interface Line {
  number: number;
  start: number;
  /** Behind its last byte, the line's end apart. */
  end: number;
  text?: string;
}

const [lineFeed, carriageReturn] = [10, 13];

/**
 * Lines of UTF-8 bytes from a place on, ended by LF, CRLF or CR. It only goes forward, even if a reader looks ahead and
 * comes back.
 */
export class Lines {
  private readonly queue: Line[] = [];
  private place: { start: number; number: number };

  constructor(
    private readonly bytes: Buffer,
    from: { start: number; number: number },
  ) {
    this.place = { ...from };
  }

  /** Where the next line begins. */
  get position(): { start: number; number: number } {
    const { start, number } = this.queue[0] ?? this.place;
    return { start, number };
  }

  /** The line so many behind the next one; undefined behind the last. */
  ahead(count: number): Line | undefined {
    while (this.queue.length <= count) {
      const line = this.read();
      if (!line) return undefined;
      this.queue.push(line);
    }
    return this.queue[count];
  }

  /** Goes over the next lines. */
  drop(count: number): void {
    this.ahead(count - 1);
    this.queue.splice(0, count);
  }

  text({ start, end }: Line): string {
    return this.bytes.toString('utf8', start, end);
  }

  private read(): Line | undefined {
    const { start, number } = this.place;
    if (start >= this.bytes.length) return undefined;
    // A loop: a search for one sign would go over the whole file where it holds the other one only.
    let end = start;
    while (end < this.bytes.length && this.bytes[end] !== lineFeed && this.bytes[end] !== carriageReturn) end += 1;
    this.place = {
      start: end + (this.bytes[end] === carriageReturn && this.bytes[end + 1] === lineFeed ? 2 : 1),
      number: number + 1,
    };
    return { number, start, end };
  }
}
