/** The parts that emulated Pis are made of, without an emulator. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { cachedFolder } from "../../scripts/emulated-pi/cache.mjs";
import { run } from "../../scripts/emulated-pi/command.mjs";
import { cpio } from "../../scripts/emulated-pi/cpio.mjs";
import { backport } from "../../scripts/emulated-pi/pwm-gpio.mjs";
import { SerialShell } from "../../scripts/emulated-pi/serial-shell.mjs";
import { Fault } from "../../scripts/fault.mjs";

describe("an archive for the kernel", () => {
  it("holds folders, files, links and devices, each on a multiple of four, and its end", () => {
    const archive = cpio([
      { path: "bin", type: "folder" },
      { path: "bin/sh", type: "link", data: Buffer.from("busybox") },
      { path: "init", type: "file", mode: 0o700, data: Buffer.from("hello") },
      { path: "dev", type: "device", mode: 0o600, device: [5, 1] },
    ]);
    expect(read(archive)).toEqual([
      { path: "bin", mode: 0o040755, data: "", device: [0, 0] },
      { path: "bin/sh", mode: 0o120755, data: "busybox", device: [0, 0] },
      { path: "init", mode: 0o100700, data: "hello", device: [0, 0] },
      { path: "dev", mode: 0o020600, data: "", device: [5, 1] },
      { path: "TRAILER!!!", mode: 0, data: "", device: [0, 0] },
    ]);
  });
});

/** Reads the format as its manual says, cpio(5). */
function read(archive: Buffer): readonly unknown[] {
  const entries: unknown[] = [];
  for (let at = 0; at < archive.length; ) {
    expect(archive.toString("latin1", at, at + 6)).toBe("070701");
    const field = (i: number): number =>
      Number.parseInt(archive.toString("latin1", at + 6 + 8 * i, at + 14 + 8 * i), 16);
    const nameEnd = at + 110 + field(11);
    const data = Math.ceil(nameEnd / 4) * 4;
    const path = archive.toString("utf8", at + 110, nameEnd - 1);
    entries.push({
      path,
      mode: field(1),
      data: archive.toString("utf8", data, data + field(6)),
      device: [field(9), field(10)],
    });
    at = Math.ceil((data + field(6)) / 4) * 4;
  }
  return entries;
}

describe("a shell on a serial line", () => {
  const children: { kill(signal: "SIGKILL"): void }[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });

  function shell(): SerialShell {
    const child = spawn("sh", { stdio: ["pipe", "pipe", "ignore"] });
    children.push(child);
    return new SerialShell(child.stdin, child.stdout);
  }

  it("answers with what a command printed and how it ended", async () => {
    const line = shell();
    expect(await line.run("echo one; echo two >&2", 4000)).toEqual({ status: 0, output: "one\ntwo" });
    expect(await line.run("(exit 7)", 4000)).toEqual({ status: 7, output: "" });
    expect(await line.run("printf 'no line end'", 4000)).toEqual({ status: 0, output: "no line end" });
  });

  it("keeps commands that are given at once apart", async () => {
    const line = shell();
    const answers = await Promise.all(["sleep 0.05; echo a", "echo b", "echo c"].map((word) => line.run(word, 4000)));
    expect(answers.map(({ output }) => output)).toEqual(["a", "b", "c"]);
  });

  it("says what was not answered, and in which time", async () => {
    await expect(shell().run("kill -STOP $$", 30)).rejects.toThrow(/did not answer within 30 ms \(`kill -STOP \$\$`\)/);
  });
});

describe("the driver pwm-gpio for Debian's kernel", () => {
  const source = "#include <linux/types.h>\n\tchip->ops = &ops;\n\tchip->atomic = true;\n";

  it("is the kernel's own but for what that kernel does not have", () => {
    expect(backport(source)).toBe('#include <linux/types.h>\n#include "pwm-gpio-backport.h"\n\tchip->ops = &ops;\n');
  });

  it("is not guessed from a source that is another", () => {
    expect(() => backport(source.replace("atomic", "other"))).toThrow(/has not once/);
  });
});

describe("a cached folder", () => {
  const NAME = `test${process.pid}`;

  it("is made once for a key, and not at all when making it fails", async () => {
    let made = 0;
    const make = (folder: string): void => {
      made++;
      writeFileSync(join(folder, "file"), `${made}`);
    };
    const [one, again, other] = [
      await cachedFolder(NAME, ["one"], make),
      await cachedFolder(NAME, ["one"], make),
      await cachedFolder(NAME, ["other"], make),
    ];
    expect([again, readFileSync(join(one, "file"), "utf8"), readFileSync(join(other, "file"), "utf8")]).toEqual([
      one,
      "1",
      "2",
    ]);
    for (const folder of [one, other]) rmSync(folder, { recursive: true });
    let tried = "";
    await expect(
      cachedFolder(NAME, ["bad"], (folder) => {
        tried = folder;
        throw new Fault("no network");
      }),
    ).rejects.toThrow("no network");
    expect(existsSync(tried)).toBe(false);
  });
});

describe("a program that fails", () => {
  it("is named with its last words and what to do", () => {
    expect(() => run("sh", ["-c", "echo broken >&2; exit 3"], { remedy: "Mend it" })).toThrow(
      /^broken\n`sh -c echo broken >&2; exit 3` failed\. Mend it\.$/,
    );
    expect(() => run("no-such-program", [])).toThrow(/`no-such-program` failed \(.*ENOENT\)/);
  });
});
