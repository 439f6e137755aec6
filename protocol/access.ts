/** Who may do what: roles, people, tokens and pairing as pages and REST ask and see them (protocol 7.9, 10). */
import * as z from "zod";
import { deviceId } from "./names.ts";
import type { Door } from "./views.ts";

/** From least to most: looks; sets, acts and records; manages people, tokens and devices. */
export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Whether somebody of this role (null: none) may do what needs another. */
export function isAtLeast(role: Role | null, needed: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** Shortest password. Longer is better than stranger: there are no rules for its letters (NIST SP 800-63B, 5.1.1.2). */
export const LEAST_PASSWORD = 8;
const MOST_PASSWORD = 256;

const role = z.enum(ROLES, { error: `must be one of ${ROLES.join(", ")}` });
const userName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u, "must be 1 to 64 letters, digits, . _ or -, a letter or digit first");
const newPassword = z
  .string()
  .min(LEAST_PASSWORD, `must have at least ${LEAST_PASSWORD} characters`)
  .max(MOST_PASSWORD, `must have at most ${MOST_PASSWORD} characters`);
const label = z.string().trim().min(1).max(64);
const secret = z.string().min(1).max(512);

/** Body of `POST /api/session`: a name with its password, or the key of a link that the hub printed or a page made. */
export const signInRequest = z.union([
  z.object({ name: z.string().min(1).max(64), password: z.string().min(1).max(MOST_PASSWORD) }).strict(),
  z.object({ key: secret }).strict(),
]);

/** Body of `POST /api/session/password`: one's own, with the present one where there is one. */
export const changePasswordRequest = z
  .object({ present: z.string().max(MOST_PASSWORD).optional(), name: userName.optional(), password: newPassword })
  .strict();

export const createUserRequest = z.object({ name: userName, password: newPassword, role }).strict();
export const patchUserRequest = z.object({ password: newPassword.optional(), role: role.optional() }).strict();

/** Body of `POST /api/tokens`: for a device, which may have a role beside; for a program; or as a link for guests. */
export const createTokenRequest = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("device"), device: deviceId, role: role.optional() }).strict(),
  z.object({ kind: z.literal("program"), label, role }).strict(),
  z
    .object({
      kind: z.literal("link"),
      label,
      /** How long it works, ms. */
      expiresMs: z
        .number()
        .int()
        .min(60_000)
        .max(366 * 86_400_000),
    })
    .strict(),
]);
export type CreateTokenRequest = z.infer<typeof createTokenRequest>;

/** Body of `POST /api/pairing`, which may be absent. */
export const openPairingRequest = z
  .object({
    ms: z.number().int().min(1_000).max(3_600_000).default(300_000),
  })
  .strict()
  .default({ ms: 300_000 });

/** Who asks, as `GET /api/session` answers. */
export interface SessionView {
  /** Null for who has not signed in. */
  readonly role: Role | null;
  readonly name: string | null;
  /** Signed in by the hub's own link: a password is still to be chosen. */
  readonly needsPassword: boolean;
  /** The hub asks nobody who they are, at this address. */
  readonly isOpen: boolean;
}

export interface UserView {
  readonly name: string;
  readonly role: Role;
  readonly createdAt: number;
  /** Null: never. */
  readonly lastSeenAt: number | null;
  /** Browsers that are signed in. */
  readonly sessions: number;
}

export interface TokenView {
  readonly id: string;
  readonly kind: CreateTokenRequest["kind"];
  /** The device, or what it is called. */
  readonly subject: string;
  /** What it may beside being a device; null: nothing. */
  readonly role: Role | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
}

/** A token as it is shown once: it is kept only as its hash. */
export interface NewToken extends TokenView {
  readonly token: string;
}

/** A device that waits for somebody to approve it (protocol 7.9). */
export interface PendingView {
  readonly device: string;
  readonly address: string;
  readonly door: Door;
  readonly name: string | null;
  readonly model: string | null;
  readonly since: number;
}

/** Told to the pages of admins. */
export interface PairingView {
  /** The window is open until then, ms; null: closed. */
  readonly until: number | null;
  readonly pending: readonly PendingView[];
}

/** One line of the audit log. */
export interface AuditRecord {
  readonly at: number;
  /** A user, `token LABEL`, `device ID`, `open`, or `-` for nobody known. */
  readonly who: string;
  /** The peer's address. */
  readonly from: string;
  /** `sign-in`, `sign-out`, `token.create`, `pairing.approve`, `set`, … */
  readonly what: string;
  /** What it was done to. */
  readonly target: string;
  readonly result: string;
}
