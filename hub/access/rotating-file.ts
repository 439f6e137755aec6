/** A file of lines that only grows; when it is full it is put aside under a number and the oldest goes. Called by `audit-file.ts`, one call at a time. */
import { type FileHandle, open, rename } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";

/** For nobody but the user of the hub. */
const FILE_MODE = 0o600;
const PIECE_BYTES = 65_536;
const NEWLINE = 10;

export interface RotatingFileParts {
  readonly path: string;
  /** Of one file. */
  readonly mostBytes: number;
  /** With the one that grows. */
  readonly mostFiles: number;
}

/** One file as it is now, whatever becomes of its name. */
interface Snapshot {
  readonly handle: FileHandle;
  readonly bytes: number;
}

export class RotatingFile {
  readonly #parts: RotatingFileParts;
  #handle: FileHandle | null = null;
  /** Of whole lines; null before the file was opened. */
  #bytes: number | null = null;

  constructor(parts: RotatingFileParts) {
    this.#parts = parts;
  }

  /** @param text whole lines @throws Error of the file system; then nothing of it is kept */
  async append(text: string): Promise<void> {
    const data = Buffer.from(text);
    try {
      let file = await this.#open();
      if (file.bytes > 0 && file.bytes + data.length > this.#parts.mostBytes) {
        await this.#putAside();
        file = await this.#open();
      }
      await file.handle.appendFile(data);
      this.#bytes = file.bytes + data.length;
    } catch (error) {
      // What was written of it is cut off when the file is opened again.
      await this.close();
      throw error;
    }
  }

  /** All files, oldest first; whoever takes them closes them. */
  async openAll(): Promise<readonly Snapshot[]> {
    const found: Snapshot[] = [];
    for (let number = this.#parts.mostFiles - 1; number >= 0; number--) {
      const handle = await unlessMissing(open(this.#path(number), "r"));
      if (handle === null) continue;
      const { size } = await handle.stat();
      // Without what a failed write left of it.
      found.push({ handle, bytes: number === 0 ? Math.min(size, this.#bytes ?? size) : size });
    }
    return found;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close().catch(() => {});
  }

  async #open(): Promise<Snapshot> {
    if (this.#handle !== null && this.#bytes !== null) return { handle: this.#handle, bytes: this.#bytes };
    const handle = await open(this.#path(0), "a+", FILE_MODE);
    this.#handle = handle;
    await handle.chmod(FILE_MODE);
    this.#bytes = await this.#heal(handle);
    return { handle, bytes: this.#bytes };
  }

  /** Cuts off what a failed write left; what a crash left is closed with a newline. @returns its length */
  async #heal(handle: FileHandle): Promise<number> {
    const { size } = await handle.stat();
    if (this.#bytes !== null && size >= this.#bytes) {
      await handle.truncate(this.#bytes);
      return this.#bytes;
    }
    if (size === 0) return 0;
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    if (buffer[0] === NEWLINE) return size;
    await handle.appendFile("\n");
    return size + 1;
  }

  async #putAside(): Promise<void> {
    await this.close();
    for (let number = this.#parts.mostFiles - 1; number > 0; number--) {
      await unlessMissing(rename(this.#path(number - 1), this.#path(number)));
    }
    this.#bytes = null;
  }

  /** `audit.ndjson`, then `audit.1.ndjson` and so on, the higher the older. */
  #path(number: number): string {
    const { path } = this.#parts;
    if (number === 0) return path;
    const end = extname(path);
    return join(dirname(path), `${basename(path, end)}.${number}${end}`);
  }
}

/** The whole lines of a file, in pieces; what stands after the last newline is none. */
export async function* readLines({ handle, bytes }: Snapshot): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for (let at = 0; at < bytes; ) {
    const { bytesRead, buffer } = await handle.read(
      Buffer.alloc(PIECE_BYTES),
      0,
      Math.min(PIECE_BYTES, bytes - at),
      at,
    );
    if (bytesRead === 0) return;
    at += bytesRead;
    const data = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const end = data.lastIndexOf(NEWLINE) + 1;
    rest = data.subarray(end);
    if (end > 0) yield data.toString("utf8", 0, end);
  }
}

async function unlessMissing<T>(done: Promise<T>): Promise<T | null> {
  try {
    return await done;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
