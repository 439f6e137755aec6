/** Passwords as scrypt hashes (RFC 7914). A hash costs 32 MB and some tenths of a second of a Pi, so few are made at a time. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { PharosError } from "#protocol/errors.ts";

/** N = 2^15, r = 8, p = 1 (OWASP Password Storage Cheat Sheet); they stand in each hash, so that later ones may cost more. */
const COST = { N: 2 ** 15, r: 8, p: 1 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;
/** What scrypt may take, with room to spare; a hash that asks for more is not ours. */
const MOST_MEMORY = 256 * 1024 * 1024;
const AT_ONCE = 2;
const MOST_WAITING = 32;

export class Passwords {
  #running = 0;
  readonly #waiting: Array<() => void> = [];
  /** Of no password: who is not known costs as much time as who is. */
  #decoy: Promise<string> | null = null;

  /** @returns `scrypt$N$r$p$SALT$HASH` @throws PharosError `TOO_MANY` */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await this.#derive(password, salt, COST);
    return ["scrypt", COST.N, COST.r, COST.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
  }

  /**
   * Whether it is the password of this hash; null stands for nobody, and takes as long.
   * @throws PharosError `TOO_MANY`
   */
  async verify(password: string, kept: string | null): Promise<boolean> {
    this.#decoy ??= this.hash(randomBytes(SALT_BYTES).toString("base64url"));
    const [scheme, N, r, p, salt = "", hash = ""] = (kept ?? (await this.#decoy)).split("$");
    const expected = Buffer.from(hash, "base64url");
    if (scheme !== "scrypt" || expected.length !== HASH_BYTES) return false;
    const cost = { N: Number(N), r: Number(r), p: Number(p) };
    const found = await this.#derive(password, Buffer.from(salt, "base64url"), cost);
    return timingSafeEqual(found, expected) && kept !== null;
  }

  async #derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
    await this.#enter();
    try {
      return await new Promise((resolve, reject) => {
        // The same letters in whatever form a keyboard makes them (RFC 8265).
        scrypt(password.normalize("NFC"), salt, HASH_BYTES, { ...cost, maxmem: MOST_MEMORY }, (error, key) =>
          error === null ? resolve(key) : reject(error),
        );
      });
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running >= AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING) throw new PharosError("TOO_MANY");
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running += 1;
  }
}
