/** `pharos backup` and `pharos restore`. Called by main.ts. */
import { createWriteStream, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { get as getPlain, type IncomingMessage } from "node:http";
import { get as getSecure } from "node:https";
import { join, resolve } from "node:path";
import { json } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Database } from "better-sqlite3";
import * as z from "zod";
import type { Clock } from "#base/clock.ts";
import { option, UsageError } from "#base/options.ts";
import { runProgram, StartError } from "#base/program.ts";
import { PharosError } from "#protocol/errors.ts";
import { HUB_OPTIONS } from "../base/config.ts";
import { takeFirst } from "../base/first-word.ts";
import { copyDatabase, InUseError, openSqliteFile } from "../base/sqlite-file.ts";
import { Backup } from "./backup.ts";
import { type DataFiles, restore } from "./restore.ts";

const FILE_MODE = 0o600;
const { dataDir } = HUB_OPTIONS;
const hub = option({
  schema: z.url({ protocol: /^https?$/, error: "must be an address like http://localhost:5000" }).nullable(),
  default: null,
  value: "URL",
  help: "back up the hub that runs there, with the token of an admin in PHAROS_TOKEN",
});

export interface BackupCommandParts {
  readonly clock: Clock;
  readonly version: string;
  readonly files: DataFiles;
  readonly env: { readonly [name: string]: string | undefined };
  /** The audit log of a data folder, in pieces. */
  readAudit(dataDir: string): AsyncIterable<string>;
  /** Takes the lines of the results. */
  say(line: string): void;
}

/** @param args the words after `backup` @returns the exit code */
export function runBackup(args: readonly string[], parts: BackupCommandParts): Promise<number> {
  const { first, rest } = takeFirst(args);
  return runProgram(
    {
      usage: "pharos backup FILE [options]",
      summary: "Writes all that lasts to one file: of a hub that runs with --hub, else of a data folder.",
      options: { hub, dataDir },
      async run(values) {
        const file = required(first, "backup");
        const pieces = values.hub === null ? readFolder(resolve(values.dataDir), parts) : await ask(values.hub, parts);
        await save(file, pieces);
        parts.say(`${file} holds all that lasts (${(statSync(file).size / 1_000_000).toFixed(1)} MB).`);
        return 0;
      },
    },
    rest,
  );
}

/** @param args the words after `restore` @returns the exit code */
export function runRestore(args: readonly string[], { clock, files, say }: BackupCommandParts): Promise<number> {
  const { first, rest } = takeFirst(args);
  return runProgram(
    {
      usage: "pharos restore FILE [options]",
      summary:
        "Puts a backup in the place of what is in the data folder, which is kept aside. The hub must be stopped.",
      options: { dataDir },
      async run(values) {
        const file = required(first, "restore");
        const dir = resolve(values.dataDir);
        const { manifest, aside } = await restore(file, dir, files, clock.now());
        const made = new Date(manifest.at).toISOString().slice(0, 16).replace("T", " ");
        say(`${dir} is as it was at ${made} UTC (Pharos ${manifest.version}).`);
        if (aside !== null) say(`What was there is in ${aside}: remove it when all is well.`);
        return 0;
      },
    },
    rest,
  );
}

function required(file: string | null, command: string): string {
  if (file === null) throw new UsageError(`FILE: say which, as in: pharos ${command} pharos.tar`);
  return file;
}

/** Of a hub that does not run. */
async function* readFolder(dir: string, { clock, version, files, readAudit }: BackupCommandParts) {
  const names = Object.keys(files).filter((name) => existsSync(join(dir, name)));
  if (names.length === 0) throw new StartError(`No hub keeps its data in ${dir}. Say where with --data-dir DIR.`);
  const open: Database[] = [];
  try {
    for (const name of names) {
      const kind = files[name];
      if (kind !== undefined) open.push(openSqliteFile(join(dir, name), kind));
    }
    const sources = names.map((name, i) => ({
      name,
      copyTo: (file: string) => copyDatabase(open[i] as Database, file),
    }));
    yield* new Backup({ dataDir: dir, version, clock, sources, readAudit: () => readAudit(dir) }).pieces();
  } catch (error) {
    if (error instanceof InUseError) {
      throw new StartError(
        `A hub runs on ${dir}. Back it up through itself: PHAROS_TOKEN=TOKEN pharos backup FILE --hub http://localhost:5000 (an admin makes a token for programs on the page), or stop it first.`,
      );
    }
    throw error instanceof PharosError ? new StartError(error.message) : error;
  } finally {
    for (const db of open) db.close();
  }
}

/** @throws StartError when the hub does not give it */
async function ask(url: string, { env }: BackupCommandParts): Promise<IncomingMessage> {
  const { PHAROS_TOKEN: token } = env;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await getResponse(new URL("/api/backup", url), headers).catch((error: Error) => {
    throw new StartError(`Cannot reach ${url}: ${error.message || "nobody answers"}.`);
  });
  const { statusCode = 0 } = response;
  if (statusCode === 200) return response;
  const sentence = await readRefusal(response);
  const remedy = statusCode === 401 || statusCode === 403 ? " Put the token of an admin into PHAROS_TOKEN." : "";
  throw new StartError(`The hub at ${url} refuses (${statusCode}). ${sentence}${remedy}`);
}

/** Not by `fetch`, which gives up a hub that copies for five minutes before its first word. */
function getResponse(url: URL, headers: { readonly [name: string]: string }): Promise<IncomingMessage> {
  const get = url.protocol === "https:" ? getSecure : getPlain;
  return new Promise((done, fail) => get(url, { headers, agent: false }, done).once("error", fail));
}

async function readRefusal(response: IncomingMessage): Promise<string> {
  try {
    const body = (await json(response)) as { readonly error?: { readonly message?: string } };
    return body.error?.message ?? "";
  } catch {
    return "";
  }
}

/** Under its name when it is whole. */
async function save(file: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const draft = `${file}.part`;
  try {
    await pipeline(pieces, createWriteStream(draft, { mode: FILE_MODE }));
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof StartError || code === undefined) throw error;
    throw new StartError(`${file} could not be written: ${message}.`);
  }
}
