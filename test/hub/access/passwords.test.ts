import { scryptSync } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { PharosError } from "#protocol/errors.ts";
import { deriveKey, Passwords } from "../../../hub/access/passwords.ts";
import { quickPasswords } from "../../support/quick-passwords.ts";

/** A hash as another version of Pharos may have made it. */
function hashAt(N: number, r: number, p: number, password: string): string {
  const salt = Buffer.from("0123456789abcdef");
  const hash = scryptSync(password, salt, 32, { N, r, p });
  return ["scrypt", N, r, p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

describe("passwords", () => {
  it("are kept as a hash that names its cost, with a salt of its own", async () => {
    const passwords = new Passwords();
    const [one, other] = await Promise.all([passwords.hash("correct horse"), passwords.hash("correct horse")]);
    expect(one).toMatch(/^scrypt\$32768\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(other).not.toBe(one);
    expect(await passwords.verify("correct horse", one)).toBe(true);
    expect(await passwords.verify("correct horse", other)).toBe(true);
    expect(await passwords.verify("correct hors", one)).toBe(false);
    expect(await passwords.verify("", one)).toBe(false);
  });

  it("are checked at the cost that stands in the hash", async () => {
    const passwords = new Passwords();
    const kept = hashAt(16, 4, 2, "correct horse");
    expect(await passwords.verify("correct horse", kept)).toBe(true);
    expect(await passwords.verify("correct horse", kept.replace("$16$4$2$", "$16$4$1$"))).toBe(false);
  });

  it.each([
    ["another salt", (hash: string) => hash.replace(/\$MDEy/, "$MDEz")],
    ["another scheme", (hash: string) => hash.replace("scrypt", "plain")],
    ["a hash cut short", (hash: string) => hash.slice(0, -2)],
    ["no hash", (hash: string) => hash.replace(/\$[^$]*$/, "$")],
    ["a cost that is no number", (hash: string) => hash.replace("$16$", "$x$")],
    ["a cost that scrypt does not know", (hash: string) => hash.replace("$16$", "$17$")],
    ["a cost beyond all memory", (hash: string) => hash.replace("$16$", "$1073741824$")],
    ["nothing", () => ""],
  ])("are wrong for a hash with %s", async (_, tamper) => {
    const kept = hashAt(16, 4, 2, "correct horse");
    expect(tamper(kept)).not.toBe(kept);
    expect(await new Passwords().verify("correct horse", tamper(kept))).toBe(false);
  });

  it("are the same in whatever form a keyboard makes their letters", async () => {
    const { passwords } = quickPasswords();
    const kept = await passwords.hash("Zoë's Ångström".normalize("NFC"));
    expect(await passwords.verify("Zoë's Ångström".normalize("NFD"), kept)).toBe(true);
    expect(await passwords.verify("Zoe's Angstrom", kept)).toBe(false);
  });

  it("cost a run of scrypt also for nobody, whose password is none", async () => {
    const quick = quickPasswords();
    expect(await quick.passwords.verify("correct horse", null)).toBe(false);
    expect(await quick.passwords.verify("", null)).toBe(false);
    expect(quick.runs).toBe(2);
  });

  it("are hashed two at a time, in order, and only so many wait", async () => {
    let running = 0;
    let most = 0;
    const begun: string[] = [];
    const passwords = new Passwords(async (password, salt, cost) => {
      begun.push(password);
      running += 1;
      most = Math.max(most, running);
      const key = await deriveKey(password, salt, { ...cost, N: 2 });
      running -= 1;
      return key;
    });
    const all = Array.from({ length: 40 }, (_, i) => passwords.hash(String(i)));
    const results = await Promise.allSettled(all);
    expect(most).toBe(2);
    expect(begun).toEqual(Array.from({ length: 34 }, (_, i) => String(i)));
    expect(results.slice(0, 34).every(({ status }) => status === "fulfilled")).toBe(true);
    for (const result of results.slice(34)) {
      expect(result).toMatchObject({ status: "rejected", reason: { code: "TOO_MANY" } });
    }
    expect(await passwords.hash("again")).toMatch(/^scrypt/);
  });

  it("say TOO_MANY to who checks one as well, known or not", async () => {
    const { passwords } = quickPasswords();
    const waiting = Array.from({ length: 34 }, () => passwords.hash("x"));
    await expect(passwords.verify("x", null)).rejects.toThrow(PharosError);
    await expect(passwords.verify("x", hashAt(16, 4, 2, "x"))).rejects.toMatchObject({ code: "TOO_MANY" });
    await Promise.all(waiting);
    expect(await passwords.verify("x", null)).toBe(false);
  });
});
