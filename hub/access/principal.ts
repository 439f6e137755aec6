/** Somebody who asks for something, as far as the hub knows them. Made by `access.ts`; doors and outputs ask it what it may. */
import { isAtLeast, type Role } from "#protocol/access.ts";
import { PharosError } from "#protocol/errors.ts";

export interface Principal {
  /** For people and the audit log: a user, `token LABEL`, `device ID`, `open`, or `-` for nobody known. */
  readonly name: string;
  /** Null: none. */
  readonly role: Role | null;
  /** The device that it is; null for who is none. */
  readonly device: string | null;
  /** By what it is known, so that it can be cut when that ends: the session or token; null where the hub is open, and for nobody. */
  readonly ref: string | null;
  /** Signed in by the hub's own link, and a password is still to be chosen. */
  readonly needsPassword?: boolean;
}

export const NOBODY: Principal = { name: "-", role: null, device: null, ref: null };
/** Whoever comes to a hub that asks nobody who they are. */
export const EVERYBODY: Principal = { name: "open", role: "admin", device: null, ref: null };

/** @throws PharosError `UNAUTHORIZED` for nobody, `FORBIDDEN` for who may less */
export function requireRole(principal: Principal, needed: Role): void {
  if (isAtLeast(principal.role, needed)) return;
  if (principal.ref === null) throw new PharosError("UNAUTHORIZED");
  throw new PharosError("FORBIDDEN", `This needs the role ${needed}.`);
}

/** Whether it may speak as this device: it is it, or may everything. */
export function maySpeakAs(principal: Principal, device: string): boolean {
  return principal.device === device || principal === EVERYBODY;
}

/** @throws PharosError `UNAUTHORIZED` for nobody, `FORBIDDEN` for another device */
export function requireDevice(principal: Principal, device: string): void {
  if (maySpeakAs(principal, device)) return;
  if (principal.ref === null) throw new PharosError("UNAUTHORIZED");
  throw new PharosError("FORBIDDEN", "This token belongs to another device.");
}

/** How what it does is signed: by its name, or where everybody may, by the way it came. */
export function authorOf(principal: Principal, way: string): string {
  return principal === EVERYBODY ? way : principal.name;
}
