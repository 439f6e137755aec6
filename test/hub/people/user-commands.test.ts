/** `pharos user`: most of it in this process, and once as it is typed, with a real terminal and without. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { systemClock } from "#base/clock.ts";
import { Passwords } from "../../../hub/access/passwords.ts";
import { SqliteAccessStore } from "../../../hub/access/sqlite/sqlite-access-store.ts";
import { runUser } from "../../../hub/people/user-commands.ts";
import { sessionRow, userRow } from "../../support/access-contract.ts";
import { eventually } from "../../support/eventually.ts";
import { buildBundles } from "../../support/pharos-process.ts";
import { ROOT } from "../../support/sources.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();
const PHAROS = join(ROOT, "bin/pharos.js");

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let [out, err] = ["", ""];

beforeEach(() => {
  [out, err] = ["", ""];
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += String(text);
    return true;
  });
  jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** @param typed keys on a terminal, each when it is asked; or what stands on a standard input that is none */
async function run(words: readonly string[], typed: string | readonly string[] = ""): Promise<Outcome> {
  [out, err] = ["", ""];
  const input = Object.assign(new PassThrough(), { isTTY: typeof typed !== "string" });
  const keys = typeof typed === "string" ? [] : [...typed];
  if (typeof typed === "string") input.end(typed);
  const output = new Writable({
    write(text, _, done) {
      err += String(text);
      if (/: $/.test(String(text))) setImmediate(() => input.write(keys.shift() ?? ""));
      done();
    },
  });
  const code = await runUser(words, {
    clock: systemClock(),
    console: { input, output },
    say: (line) => (out += `${line}\n`),
  });
  return { code, out, err };
}

/** What a hub left that does not run. */
function dataFolder(names: readonly string[] = []): string {
  const dir = makeFolder();
  writeFileSync(join(dir, "pharos.db"), "");
  change(dir, (store) => {
    for (const name of names) store.putUser(userRow(name, { role: "admin" }));
  });
  return dir;
}

function change(dir: string, run: (store: SqliteAccessStore) => void): void {
  const store = new SqliteAccessStore({ file: join(dir, "access.db") });
  store.load();
  run(store);
  store.close();
}

function load(dir: string): ReturnType<SqliteAccessStore["load"]> {
  const store = new SqliteAccessStore({ file: join(dir, "access.db") });
  const rows = store.load();
  store.close();
  return rows;
}

async function isPassword(dir: string, name: string, password: string): Promise<boolean> {
  const user = load(dir).users.find((one) => one.name === name);
  return new Passwords().verify(password, user?.password ?? null);
}

describe("pharos user", () => {
  it("lists nobody, makes an admin with a password from standard input, and lists it", async () => {
    const dir = dataFolder();
    const words = ["--data-dir", dir];
    expect(await run(["list", ...words])).toMatchObject({ code: 0, out: expect.stringMatching(/^Nobody yet/) });
    const made = await run(["add", "Zoë", "--role", "admin", ...words], "correct horse\nmore\n");
    expect(made).toEqual({ code: 0, out: "Zoë may sign in (admin).\n", err: "" });
    expect(await isPassword(dir, "Zoë", "correct horse")).toBe(true);
    await run(["list", ...words]);
    expect(out).toBe("NAME  ROLE   LAST SEEN (UTC)  BROWSERS\nZoë   admin  never            0\n");
    expect(readFileSync(join(dir, "audit.ndjson"), "utf8")).toMatch(
      /^\{"at":\d+,"who":"command line","from":"-","what":"user.create","target":"Zoë","result":"done"\}\n$/,
    );
  });

  it("changes a password, which signs the user's browsers out, and removes a user", async () => {
    const dir = dataFolder(["ann", "bob"]);
    change(dir, (store) => {
      for (const name of ["ann", "bob"]) store.putSession(sessionRow(`of ${name}`, { user: name }));
    });
    const changed = await run(["password", "--data-dir", dir, "ann"], "another horse");
    expect(changed).toMatchObject({ code: 0, out: expect.stringMatching(/^ann has another password/) });
    expect(await isPassword(dir, "ann", "another horse")).toBe(true);
    expect(load(dir).sessions.map(({ hash }) => hash)).toEqual(["of bob"]);
    expect(await run(["remove", "bob", `--data-dir=${dir}`])).toMatchObject({ code: 0, err: "" });
    expect(load(dir).users.map(({ name }) => name)).toEqual(["ann"]);
  });

  it("asks on a terminal, twice and without showing what is typed", async () => {
    const dir = dataFolder(["ann"]);
    const keys = ["corrext\x7f\x7fct horse\r", "correct horse\r"];
    const asked = await run(["password", "ann", "--data-dir", dir], keys);
    expect(asked).toMatchObject({ code: 0, err: "New password: \nThe same again: \n" });
    expect(await isPassword(dir, "ann", "correct horse")).toBe(true);
  });

  it.each([
    ["the two are not the same", ["correct horse\r", "correct house\r"], "The two are not the same"],
    ["Ctrl+C is pressed", ["correct\x03"], "Nothing was changed."],
    ["Ctrl+D is pressed", ["correct horse\r", "\x04"], "Nothing was changed."],
  ])("changes nothing when %s", async (_, keys, sentence) => {
    const dir = dataFolder(["ann"]);
    const outcome = await run(["password", "ann", "--data-dir", dir], keys);
    expect(outcome).toMatchObject({ code: 1, out: "", err: expect.stringContaining(sentence) });
    expect(load(dir).users).toEqual([userRow("ann", { role: "admin" })]);
  });

  it.each([
    ["a user that is not there", ["password", "bob"], "x", 1, /There is no user `bob`; there are: ann\./],
    ["one that is there", ["add", "ann", "--role", "admin"], "correct horse", 1, /There is a user `ann` already\./],
    ["a short password", ["password", "ann"], "short", 1, /The password must have at least 8 characters\./],
    ["no password", ["password", "ann"], "", 1, /There is no password on standard input/],
    ["the last admin", ["remove", "ann"], "", 1, /This is the last admin/],
    ["a name that is none", ["add", "an n", "--role", "admin"], "correct horse", 1, /The name must be 1 to 64 letters/],
    ["no name", ["remove"], "", 2, /NAME: say whom, as in: pharos user remove ann/],
    ["two names", ["remove", "ann", "bob"], "", 2, /bob: unexpected word/],
    ["no role", ["add", "bob"], "correct horse", 2, /--role: needs one of viewer, operator, admin/],
    ["a role that is none", ["add", "bob", "--role", "boss"], "correct horse", 2, /--role: must be one of/],
    ["a password as a flag", ["password", "ann", "--password", "x"], "", 2, /--password: there is no such option/],
    ["no command", [], "", 2, /Say what: list, add NAME/],
    ["a command that is none", ["rename", "ann"], "", 2, /rename: unexpected word/],
  ] as const)("says in a sentence what is wrong with %s", async (_, words, input, code, sentence) => {
    const dir = dataFolder(["ann"]);
    const where = words.length === 0 ? [] : ["--data-dir", dir];
    const outcome = await run([...words, ...where], input);
    expect(outcome).toMatchObject({ code, out: "", err: expect.stringMatching(sentence) });
    expect(outcome.err).not.toContain("    at ");
    expect(load(dir).users).toEqual([userRow("ann", { role: "admin" })]);
  });

  it("says that the first one must be an admin", async () => {
    const { code } = await run(["add", "ann", "--role", "viewer", "--data-dir", dataFolder()], "correct horse");
    expect([code, err]).toEqual([1, "The first user must be an admin, who can make the others.\n"]);
  });

  it("says to stop the hub that runs on the folder, before a password is asked", async () => {
    const dir = dataFolder(["ann"]);
    const hub = new SqliteAccessStore({ file: join(dir, "access.db") });
    hub.load();
    const { code } = await run(["password", "ann", "--data-dir", dir]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^Another hub uses .*access\.db\. Stop it first/)]);
    hub.close();
  });

  it("makes nothing in a folder that is no hub's", async () => {
    const empty = makeFolder();
    mkdirSync(join(empty, "data"));
    for (const dir of [join(empty, "data"), join(empty, "none")]) {
      const { code } = await run(["list", "--data-dir", dir]);
      expect([code, err]).toEqual([1, expect.stringContaining("Say where the hub keeps its data with --data-dir DIR")]);
    }
  });

  it("explains itself and its commands", async () => {
    expect(await run(["--help"])).toMatchObject({ code: 0 });
    for (const command of ["list", "add NAME --role ROLE", "password NAME", "remove NAME"]) {
      expect(out).toContain(`pharos user ${command}`);
    }
    expect((await run(["add", "--help"])).out).toContain("--role ROLE");
  });
});

describe("pharos user as it is typed", () => {
  beforeAll(() => buildBundles(), 120_000);

  /** What a process with these words shows on its terminal, which echoes, or without one. */
  async function shownBy(command: string, words: readonly string[], keys: readonly string[]): Promise<string> {
    const child = spawn(command, words, { env: { PATH: process.env.PATH } });
    let shown = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        shown += text;
      });
    }
    for (const [i, typed] of keys.entries()) {
      await eventually(() => shown.split(/(?:password|again): /).length > i + 1, 60_000);
      child.stdin.write(typed);
    }
    await once(child, "close");
    return shown.replaceAll("\r", "");
  }

  it("asks on a terminal without showing what is typed", async () => {
    const dir = dataFolder(["ann"]);
    const command = `'${process.execPath}' '${PHAROS}' user password ann --data-dir '${dir}'`;
    const keys = ["correct horse\r", "correct horse\r"];
    const shown = await shownBy("script", ["--quiet", "--command", command, "/dev/null"], keys);
    expect(shown).toBe("New password: \nThe same again: \nann has another password, and is signed out everywhere.\n");
    expect(await isPassword(dir, "ann", "correct horse")).toBe(true);
  }, 120_000);

  it("works from a script", async () => {
    const dir = dataFolder();
    const command = `echo 'correct horse' | '${process.execPath}' '${PHAROS}' user add ann --role admin --data-dir '${dir}'`;
    expect(await shownBy("sh", ["-c", command], [])).toBe("ann may sign in (admin).\n");
    expect(await isPassword(dir, "ann", "correct horse")).toBe(true);
    expect(await shownBy(process.execPath, [PHAROS, "--help"], [])).toMatch(/^ {2}user +who may sign in/m);
  }, 120_000);
});
