/** Passwords as scrypt hashes (RFC 7914). A hash costs 32 MB and some tenths of a second of a Pi, so few are made at a time. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { PharosError } from "#protocol/errors.ts";

/** N = 2^15, r = 8, p = 1 (OWASP Password Storage Cheat Sheet); they stand in each hash, so that later ones may cost more. */
const COST: ScryptCost = { N: 2 ** 15, r: 8, p: 1 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;
/** What scrypt may take, with room to spare; a hash that asks for more is not ours. */
const MOST_MEMORY = 256 * 1024 * 1024;
const AT_ONCE = 2;
const MOST_WAITING = 32;

interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** @throws Error of Node when scrypt cannot do with such a cost */
export type Derive = (password: string, salt: Buffer, cost: ScryptCost) => Promise<Buffer>;

export class Passwords {
  readonly #derive: Derive;
  #running = 0;
  readonly #waiting: Array<() => void> = [];
  /** Of no password: who is not known costs as much time as who is. */
  readonly #decoy = join(COST, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));

  /** @param derive scrypt, but for a test that counts */
  constructor(derive: Derive = deriveKey) {
    this.#derive = derive;
  }

  /** @returns `scrypt$N$r$p$SALT$HASH` @throws PharosError `TOO_MANY` */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    return join(COST, salt, await this.#inTurn(password, salt, COST));
  }

  /**
   * Whether it is the password of this hash; null stands for nobody, and takes as long.
   * @throws PharosError `TOO_MANY`
   */
  async verify(password: string, kept: string | null): Promise<boolean> {
    const [scheme, N, r, p, salt = "", hash = ""] = (kept ?? this.#decoy).split("$");
    const expected = Buffer.from(hash, "base64url");
    if (scheme !== "scrypt" || expected.length !== HASH_BYTES) return false;
    const cost = { N: Number(N), r: Number(r), p: Number(p) };
    try {
      const found = await this.#inTurn(password, Buffer.from(salt, "base64url"), cost);
      return timingSafeEqual(found, expected) && kept !== null;
    } catch (error) {
      if (error instanceof PharosError) throw error;
      // A hash with a cost that is none is nobody's.
      return false;
    }
  }

  async #inTurn(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
    await this.#enter();
    try {
      return await this.#derive(password, salt, cost);
    } finally {
      // Its place goes to the next one, so that nobody slips in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < AT_ONCE) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= MOST_WAITING) throw new PharosError("TOO_MANY");
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

function join({ N, r, p }: ScryptCost, salt: Buffer, hash: Buffer): string {
  return ["scrypt", N, r, p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

export function deriveKey(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The same letters in whatever form a keyboard makes them (RFC 8265).
    scrypt(password.normalize("NFC"), salt, HASH_BYTES, { ...cost, maxmem: MOST_MEMORY }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
