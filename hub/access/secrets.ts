/** Secrets that the hub makes itself: 256 bits, kept only as a hash, which is enough for what nobody can guess. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const SECRET_BYTES = 32;

/** 43 characters of base64url. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/** A short name for what a secret belongs to; no secret itself. */
export function newId(): string {
  return randomBytes(9).toString("base64url");
}

/** SHA-256, base64url. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** Whether two hashes are the same, in a time that does not tell where they differ. */
export function isSameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
