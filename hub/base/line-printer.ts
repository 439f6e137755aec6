/** Prints the lines of one turn of the event loop by one write: when a whole school returns at once, each of its devices has a line. */
export class LinePrinter {
  readonly #write: (text: string) => void;
  #text = "";

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** @param line with its end */
  print(line: string): void {
    if (this.#text === "") setImmediate(() => this.flush());
    this.#text += line;
  }

  /** Prints at once what waits: before the process exits. */
  flush(): void {
    const text = this.#text;
    this.#text = "";
    if (text !== "") this.#write(text);
  }
}
