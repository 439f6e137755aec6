import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { missingPiPackages, missingTestPackages } from "../../scripts/debian-packages.mjs";
import { Fault, requireWritable } from "../../scripts/fault.mjs";
import {
  currentStamp,
  explainNpm,
  hasLibpigpio,
  planInstall,
  readStamp,
  requireNode,
  writeStamp,
} from "../../scripts/install.mjs";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();

function project(): string {
  const root = newFolder();
  mkdirSync(join(root, "node_modules"));
  writeFileSync(join(root, "package.json"), "{}");
  writeFileSync(join(root, "package-lock.json"), "{}");
  return root;
}

describe("the stamp of an installation", () => {
  it("is unknown on a fresh clone, so everything is installed", () => {
    const root = project();
    expect(readStamp(root)).toBeNull();
    expect(planInstall(null, currentStamp(root, false))).toBe("install");
  });

  it("asks for nothing while package.json and the lock file stay the same", () => {
    const root = project();
    writeStamp(root, currentStamp(root, false));
    expect(planInstall(readStamp(root), currentStamp(root, false))).toBe("nothing");
  });

  it.each(["package.json", "package-lock.json"])("asks for an installation when %s changes", (file) => {
    const root = project();
    const before = currentStamp(root, false);
    writeFileSync(join(root, file), '{"changed":true}');
    expect(planInstall(before, currentStamp(root, false))).toBe("install");
  });

  it("asks for pigpio alone when its library was installed since", () => {
    const root = project();
    expect(planInstall(currentStamp(root, false), currentStamp(root, true))).toBe("rebuild pigpio");
  });

  it("counts a broken stamp as none", () => {
    const root = project();
    writeFileSync(join(root, "node_modules", ".pharos-install.json"), "{");
    expect(readStamp(root)).toBeNull();
  });
});

describe("what an installation needs", () => {
  it.each(["20.17.0", "20.20.2", "22.0.0", "24.1.0"])("takes Node.js %s", (version) => {
    expect(() => requireNode(version)).not.toThrow();
  });

  it.each(["20.16.9", "18.20.0", "8.0.0"])("refuses Node.js %s in one sentence", (version) => {
    expect(() => requireNode(version)).toThrow(
      new RegExp(`^Pharos needs Node.js 20.17 or newer, and this is ${version}`),
    );
  });

  it("refuses a folder that cannot be written in one sentence", () => {
    const file = join(newFolder(), "file");
    writeFileSync(file, "");
    expect(() => requireWritable(join(file, "node_modules"))).toThrow(Fault);
    expect(() => requireWritable(join(file, "node_modules"))).toThrow(/cannot be written \(ENOTDIR\): copy Pharos to/);
  });

  it("finds no pigpio library without its daemon on the PATH", () => {
    expect(hasLibpigpio({ PATH: newFolder() })).toBe(false);
  });
});

describe("a failed npm", () => {
  it.each(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ERR_SOCKET_TIMEOUT", "E503"])(
    "is a registry out of reach after %s",
    (code) => {
      expect(explainNpm(`npm error code ${code}\nnpm error errno ${code}`, "/here")).toMatch(
        new RegExp(`^npm cannot reach the package registry \\(${code}\\): connect`),
      );
    },
  );

  it.each(["EACCES", "EROFS", "EPERM"])("is a folder that cannot be written after %s", (code) => {
    expect(explainNpm(`npm error code ${code}`, "/here")).toMatch(/^npm cannot write in \/here/);
  });

  it("is told in npm's own last words when its fault is another", () => {
    const said = explainNpm("npm error code EUSAGE\nnpm error the lock file does not match", "/here");
    expect(said).toContain("the lock file does not match");
    expect(said).toMatch(/its own words are above\.$/);
  });
});

describe("what the tests drive", () => {
  it("is named package by package when missing", () => {
    const missing = missingTestPackages({}, () => false);
    expect(missing).toEqual(expect.arrayContaining(["chromium-headless-shell", "python3-socketio", "pigpio-tools"]));
    expect(missingTestPackages({}, (path) => path !== "/usr/bin/pigs")).toEqual(["pigpio-tools"]);
  });

  it("needs nothing when everything is there", () => {
    expect(missingTestPackages({}, () => true)).toEqual([]);
    expect(missingPiPackages(() => true)).toEqual([]);
  });

  it("is an emulator among others, and a compiler only where the emulated Pi is built", () => {
    expect(missingTestPackages({}, (path) => !path.includes("qemu"))).toEqual(["qemu-system-arm"]);
    expect(missingPiPackages((path) => !path.includes("gcc"))).toEqual(["gcc-12-aarch64-linux-gnu"]);
  });

  it("takes the browser that CHROMIUM names", () => {
    const exists = (path: string): boolean => path === "/opt/my-chromium";
    expect(missingTestPackages({ CHROMIUM: "/opt/my-chromium" }, exists)).not.toContain("chromium-headless-shell");
  });
});
