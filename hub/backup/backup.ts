/** One file with all that lasts, consistent while the hub runs: each part is copied beside the original, then all are sent. Made by main.ts, called by the API and `pharos backup`. */
import { createWriteStream } from "node:fs";
import { mkdir, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Clock } from "#base/clock.ts";
import { PharosError } from "#protocol/errors.ts";
import { type TarFile, writeTar } from "./tar.ts";

/** Says what the others are. */
export const MANIFEST = "pharos.json";
/** Files written by one that knows another number cannot be taken back by this one. */
export const BACKUP_FORMAT = 1;
export const AUDIT = "audit.ndjson";
/** Inside of the data folder, which has the room and the rights. */
const DRAFT = "backup.tmp";
/** What the hub itself may need meanwhile. */
const SPARE_BYTES = 64 * 1024 * 1024;

/** A part that can be copied while it is written to. */
export interface BackupSource {
  /** In the data folder and in the backup. */
  readonly name: string;
  /** @throws PharosError `STORAGE` */
  copyTo(file: string): Promise<void>;
}

export interface BackupParts {
  readonly dataDir: string;
  readonly version: string;
  readonly clock: Clock;
  readonly sources: readonly BackupSource[];
  /** The audit log, in pieces. */
  readAudit(): AsyncIterable<string>;
}

export class Backup {
  readonly #parts: BackupParts;
  #isRunning = false;

  constructor(parts: BackupParts) {
    this.#parts = parts;
  }

  /** `pharos-2026-01-31.tar` */
  get fileName(): string {
    return `pharos-${new Date(this.#parts.clock.now()).toISOString().slice(0, 10)}.tar`;
  }

  /** @throws PharosError `TOO_MANY` while there is another, `STORAGE`; before the first piece */
  async *pieces(): AsyncGenerator<Uint8Array> {
    if (this.#isRunning) throw new PharosError("TOO_MANY", "A backup is being made already. Wait for it.");
    this.#isRunning = true;
    const folder = join(this.#parts.dataDir, DRAFT);
    try {
      await this.#makeRoom(folder);
      yield* writeTar(await this.#copyAll(folder), this.#parts.clock.now());
    } finally {
      this.#isRunning = false;
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** A copy that fills the disk would harm what it is to save. */
  async #makeRoom(folder: string): Promise<void> {
    const { dataDir, sources } = this.#parts;
    await rm(folder, { recursive: true, force: true });
    const { bavail, bsize } = await statfs(dataDir);
    const sizes = await Promise.all(sources.map(({ name }) => stat(join(dataDir, name))));
    const needed = sizes.reduce((sum, { size }) => sum + size, SPARE_BYTES);
    if (bavail * bsize < needed) {
      const mb = Math.ceil(needed / 1_000_000);
      throw new PharosError("STORAGE", `A backup needs ${mb} MB free in the data folder for a while: make room there.`);
    }
    await mkdir(folder, { mode: 0o700 });
  }

  async #copyAll(folder: string): Promise<readonly TarFile[]> {
    const { sources, version, clock } = this.#parts;
    const manifest = { format: BACKUP_FORMAT, version, at: clock.now() };
    await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest)}\n`);
    for (const source of sources) await source.copyTo(join(folder, source.name));
    await pipeline(Readable.from(this.#parts.readAudit()), createWriteStream(join(folder, AUDIT)));
    const names = [MANIFEST, ...sources.map(({ name }) => name), AUDIT];
    return names.map((name) => ({ name, path: join(folder, name) }));
  }
}
