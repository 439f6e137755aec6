/** Files in one, as tar knows them (POSIX.1-1988 ustar): what any system can look into, and all that a backup needs of it. Called by backup and restore. */
import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";

const BLOCK_BYTES = 512;
const NAME_BYTES = 100;
/** The largest that eleven octal digits can say, 8 GiB. */
const MOST_OCTAL = 8 ** 11 - 1;
const SIZE_AT = 124;
const SIZE_BYTES = 12;
const CHECKSUM_AT = 148;
const CHECKSUM_BYTES = 8;
/** Says that a size is in base 256, as GNU tar and bsdtar write and read it. */
const BASE_256 = 0x80;

export interface TarFile {
  readonly name: string;
  readonly path: string;
}

export interface TarEntry {
  readonly name: string;
  /** Where its content begins in the archive. */
  readonly at: number;
  readonly bytes: number;
}

/** @param mtimeMs of all files, ms since the epoch */
export async function* writeTar(files: readonly TarFile[], mtimeMs: number): AsyncGenerator<Uint8Array> {
  for (const { name, path } of files) {
    const { size } = await stat(path);
    yield header(name, size, Math.floor(mtimeMs / 1000));
    if (size > 0) for await (const piece of createReadStream(path, { end: size - 1 })) yield piece as Buffer;
    const padding = Buffer.alloc((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES);
    if (padding.length > 0) yield padding;
  }
  yield Buffer.alloc(2 * BLOCK_BYTES);
}

/** What is in an archive; null when it is none, or was cut short. */
export async function readTar(path: string): Promise<readonly TarEntry[] | null> {
  const handle = await open(path, "r");
  try {
    return await readEntries(handle, (await handle.stat()).size);
  } finally {
    await handle.close();
  }
}

async function readEntries(handle: FileHandle, bytes: number): Promise<readonly TarEntry[] | null> {
  const entries: TarEntry[] = [];
  for (let at = 0; at + BLOCK_BYTES <= bytes; ) {
    const block = Buffer.alloc(BLOCK_BYTES);
    await handle.read(block, 0, BLOCK_BYTES, at);
    // The end is a block of zeros: without it the rest is missing.
    if (block.every((byte) => byte === 0)) return entries;
    const entry = readHeader(block, at + BLOCK_BYTES);
    if (entry === null) return null;
    entries.push(entry);
    at = entry.at + Math.ceil(entry.bytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return null;
}

function readHeader(block: Buffer, at: number): TarEntry | null {
  const text = (from: number, length: number): string =>
    block
      .toString("latin1", from, from + length)
      .split("\0")[0]
      ?.trim() ?? "";
  if (text(257, 6) !== "ustar" || Number.parseInt(text(CHECKSUM_AT, CHECKSUM_BYTES), 8) !== checksum(block))
    return null;
  const isLarge = ((block[SIZE_AT] ?? 0) & BASE_256) !== 0;
  const bytes = isLarge ? Number(block.readBigUInt64BE(SIZE_AT + 4)) : Number.parseInt(text(SIZE_AT, SIZE_BYTES), 8);
  return Number.isSafeInteger(bytes) ? { name: text(0, NAME_BYTES), at, bytes } : null;
}

function header(name: string, bytes: number, mtime: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, at: number, length: number): void =>
    void block.write(value.toString(8).padStart(length - 1, "0"), at, "latin1");
  block.write(name, 0, NAME_BYTES, "latin1");
  octal(0o600, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  if (bytes <= MOST_OCTAL) octal(bytes, SIZE_AT, SIZE_BYTES);
  else {
    block[SIZE_AT] = BASE_256;
    block.writeBigUInt64BE(BigInt(bytes), SIZE_AT + 4);
  }
  octal(mtime, 136, 12);
  // A plain file.
  block.write("0", 156, "latin1");
  block.write("ustar\u000000", 257, "latin1");
  block.write(`${checksum(block).toString(8).padStart(6, "0")}\0 `, CHECKSUM_AT, "latin1");
  return block;
}

/** The sum of all bytes, those of the sum itself counted as spaces. */
function checksum(block: Buffer): number {
  return block.reduce((sum, byte, i) => sum + (i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_BYTES ? 32 : byte), 0);
}
