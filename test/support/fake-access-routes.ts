/** What the fake hub answers over REST about people, tokens and pairing: the shapes of protocol/access.ts. Called by fake-access.ts. */
import { randomUUID } from "node:crypto";
import type * as z from "zod";
import {
  changePasswordRequest,
  createTokenRequest,
  createUserRequest,
  type NewToken,
  openPairingRequest,
  patchUserRequest,
  type Role,
  type SessionView,
  signInRequest,
  type TokenView,
  type UserView,
} from "#protocol/access.ts";
import { PharosError } from "#protocol/errors.ts";
import type { FakeAccess, FakeUser } from "./fake-access-state.ts";

export interface FakeCall {
  readonly access: FakeAccess;
  /** Of the cookie. */
  readonly secret: string;
  readonly session: SessionView;
  /** The second part of the path. */
  readonly id: string;
  readonly body: unknown;
  setCookie(secret: string): void;
}

interface FakeRoute {
  /** Null: everybody. */
  readonly needs: Role | null;
  handle(call: FakeCall): unknown;
}

const admin = (handle: FakeRoute["handle"]): FakeRoute => ({ needs: "admin", handle });
const open = (handle: FakeRoute["handle"]): FakeRoute => ({ needs: null, handle });

export const accessRoutes: { readonly [route: string]: FakeRoute } = {
  "GET session": open(({ session }) => session),
  "POST session": open(signIn),
  "DELETE session": open(signOut),
  "POST session/password": { needs: "viewer", handle: choosePassword },
  "GET users": admin(({ access }) => [...access.users.values()].map((user) => viewOf(access, user))),
  "POST users": admin(createUser),
  "PATCH users/*": admin(patchUser),
  "DELETE users/*": admin(removeUser),
  "GET tokens": admin(({ access }) => [...access.tokens.values()].map(withoutSecret)),
  "POST tokens": admin(createToken),
  "POST tokens/*/rotate": admin(rotateToken),
  "DELETE tokens/*": admin(revokeToken),
  "GET pairing": admin(({ access }) => access.pairing),
  "POST pairing": admin(openPairing),
  "DELETE pairing": admin(closePairing),
  "POST pairing/*": admin((call) => decide(call, "approve")),
  "DELETE pairing/*": admin((call) => decide(call, "refuse")),
  "GET audit": admin(({ access }) => access.audit.map((record) => `${JSON.stringify(record)}\n`).join("")),
};

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const { data, error, success } = schema.safeParse(body ?? undefined);
  if (success) return data;
  const [issue] = error.issues;
  throw new PharosError("BAD_REQUEST", `${issue?.path.join(".")}: ${issue?.message}`);
}

function signIn({ access, body, setCookie }: FakeCall): SessionView {
  const request = read(signInRequest, body);
  if ("key" in request) return signInByKey(access, request.key, setCookie);
  const user = access.users.get(request.name);
  if (user?.password !== request.password) throw new PharosError("UNAUTHORIZED", "Name or password is wrong.");
  return enter(access, { user: user.name, link: null }, setCookie);
}

function signInByKey(access: FakeAccess, key: string, setCookie: FakeCall["setCookie"]): SessionView {
  const link = [...access.tokens.values()].find((token) => token.kind === "link" && token.token === key);
  if (link !== undefined) return enter(access, { user: null, link: link.id }, setCookie);
  if (access.setupKey === null || key !== access.setupKey) {
    throw new PharosError("UNAUTHORIZED", "This link was used already. Start the hub again for a new one.");
  }
  access.setupKey = null;
  return enter(access, { user: null, link: null }, setCookie);
}

function enter(access: FakeAccess, session: Parameters<FakeAccess["open"]>[0], setCookie: FakeCall["setCookie"]) {
  const secret = access.open(session);
  setCookie(secret);
  return access.sessionOf(`pharos_session=${secret}`);
}

function signOut({ access, secret, setCookie }: FakeCall): object {
  const session = access.sessions.get(secret);
  access.sessions.delete(secret);
  access.cut((one) => one === session);
  setCookie("");
  return {};
}

function choosePassword({ access, secret, session, body, setCookie }: FakeCall): SessionView {
  const { name, password, present } = read(changePasswordRequest, body);
  if (session.needsPassword) {
    if (name === undefined) throw new PharosError("BAD_REQUEST", "name: must be chosen with the password");
    access.user(name, password, "admin");
    access.sessions.delete(secret);
    access.cut(({ user, link }) => user === null && link === null);
    return enter(access, { user: name, link: null }, setCookie);
  }
  const user = access.users.get(session.name ?? "");
  if (user === undefined) throw new PharosError("FORBIDDEN", "Only users have a password.");
  if (user.password !== present) throw new PharosError("UNAUTHORIZED", "The present password is another.");
  user.password = password;
  return session;
}

function viewOf(access: FakeAccess, { password: _, ...user }: FakeUser): UserView {
  return { ...user, sessions: [...access.sessions.values()].filter((one) => one.user === user.name).length };
}

function createUser({ access, body }: FakeCall): UserView {
  const { name, password, role } = read(createUserRequest, body);
  if (access.users.has(name)) throw new PharosError("BAD_REQUEST", `There is a user \`${name}\` already.`);
  access.user(name, password, role);
  return viewOf(access, find(access, name));
}

function find(access: FakeAccess, name: string): FakeUser {
  const user = access.users.get(name);
  if (user === undefined) throw new PharosError("NOT_FOUND", `There is no user \`${name}\`.`);
  return user;
}

function keepAnAdmin(access: FakeAccess, user: FakeUser): void {
  const admins = [...access.users.values()].filter(({ role }) => role === "admin");
  if (user.role === "admin" && admins.length === 1) {
    throw new PharosError("BAD_REQUEST", "This is the last admin: make another one first.");
  }
}

function patchUser({ access, id, body }: FakeCall): object {
  const { password, role } = read(patchUserRequest, body);
  const user = find(access, id);
  if (role !== undefined && role !== "admin") keepAnAdmin(access, user);
  if (role !== undefined) user.role = role;
  if (password !== undefined) user.password = password;
  if (password !== undefined) forget(access, id);
  access.cut((one) => one.user === id);
  return {};
}

function removeUser({ access, id }: FakeCall): object {
  keepAnAdmin(access, find(access, id));
  access.users.delete(id);
  forget(access, id);
  return {};
}

function forget(access: FakeAccess, name: string): void {
  for (const [secret, { user }] of access.sessions) if (user === name) access.sessions.delete(secret);
  access.cut((one) => one.user === name);
}

function withoutSecret({ token: _, ...view }: NewToken): TokenView {
  return view;
}

function createToken({ access, body }: FakeCall): NewToken {
  const request = read(createTokenRequest, body);
  const role = request.kind === "link" ? "viewer" : (request.role ?? null);
  const made: NewToken = {
    id: randomUUID(),
    kind: request.kind,
    subject: request.kind === "device" ? request.device : request.label,
    role,
    createdAt: Date.now(),
    expiresAt: request.kind === "link" ? Date.now() + request.expiresMs : null,
    lastUsedAt: null,
    token: `secret-of-${randomUUID()}`,
  };
  access.tokens.set(made.id, made);
  return made;
}

function rotateToken({ access, id }: FakeCall): NewToken {
  const old = access.tokens.get(id);
  if (old === undefined) throw new PharosError("NOT_FOUND", "There is no such token.");
  const made = {
    ...old,
    id: randomUUID(),
    createdAt: Date.now(),
    lastUsedAt: null,
    token: `secret-of-${randomUUID()}`,
  };
  access.tokens.delete(id);
  access.tokens.set(made.id, made);
  return made;
}

function revokeToken({ access, id }: FakeCall): object {
  if (!access.tokens.delete(id)) throw new PharosError("NOT_FOUND", "There is no such token.");
  access.cut((one) => one.link === id);
  return {};
}

function openPairing({ access, body }: FakeCall): unknown {
  access.setPairing({ until: Date.now() + read(openPairingRequest, body).ms });
  return access.pairing;
}

function closePairing({ access }: FakeCall): unknown {
  access.setPairing({ until: null, pending: [] });
  return access.pairing;
}

function decide({ access, id }: FakeCall, what: "approve" | "refuse"): object {
  const rest = access.pairing.pending.filter(({ device }) => device !== id);
  if (rest.length === access.pairing.pending.length) throw new PharosError("NOT_FOUND", `No device \`${id}\` waits.`);
  access.decided.push(`${what} ${id}`);
  access.setPairing({ pending: rest });
  return {};
}
