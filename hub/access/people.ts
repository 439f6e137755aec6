/** Users and the browsers they are signed in with. A change that shuts somebody out is told at once. Made by `access.ts`. */
import type { Clock } from "#base/clock.ts";
import type { Role, UserView } from "#protocol/access.ts";
import { PharosError } from "#protocol/errors.ts";
import { type AccessRows, type AccessStore, type SessionRow, type UserRow, unlessStorage } from "./access-store.ts";
import type { Passwords } from "./passwords.ts";
import type { Principal } from "./principal.ts";
import { hashSecret, newSecret } from "./secrets.ts";

const MOST_USERS = 200;
const MOST_SESSIONS_OF_ONE = 50;
/** A browser that did not come for so long is signed out. */
const SESSION_MS = 30 * 86_400_000;
/** The hub's own link signs in for so long only: it is there to choose a password. */
const SETUP_SESSION_MS = 3_600_000;

export interface PeopleParts {
  readonly clock: Clock;
  readonly store: AccessStore;
  readonly passwords: Passwords;
  /** Called with the ref of each session that ended or changed. */
  onEnd(ref: string): void;
  /** A session was used: when it was last seen is written later. */
  onSeen(hash: string): void;
}

export class People {
  readonly #parts: PeopleParts;
  readonly #users = new Map<string, UserRow>();
  /** By the hash of the cookie. */
  readonly #sessions = new Map<string, SessionRow>();

  constructor(parts: PeopleParts) {
    this.#parts = parts;
  }

  takeUp({ users, sessions }: AccessRows): void {
    for (const user of users) this.#users.set(user.name, user);
    for (const session of sessions) this.#sessions.set(session.hash, session);
  }

  /** Nobody can sign in yet. */
  get isEmpty(): boolean {
    return this.#users.size === 0;
  }

  list(): readonly UserView[] {
    return [...this.#users.values()].map(({ name, role, createdAt }) => {
      const sessions = this.#sessionsOf(name);
      const lastSeenAt = Math.max(0, ...sessions.map((session) => session.lastSeenAt)) || null;
      return { name, role, createdAt, lastSeenAt, sessions: sessions.length };
    });
  }

  has(name: string): boolean {
    return this.#users.has(name);
  }

  /** @throws PharosError `TOO_MANY`, `BAD_REQUEST` when there is one of this name or no admin yet, `STORAGE` */
  async create(name: string, password: string, role: Role): Promise<UserView> {
    this.#mayCreate(name, role);
    const hash = await this.#parts.passwords.hash(password);
    // Others may have been made meanwhile.
    this.#mayCreate(name, role);
    this.#put({ name, role, password: hash, createdAt: this.#parts.clock.now() });
    return this.list().find((user) => user.name === name) as UserView;
  }

  /**
   * Another password ends all sessions of the user but `keep`.
   * @throws PharosError `NOT_FOUND`, `STORAGE`
   */
  async setPassword(name: string, password: string, keep: string | null = null): Promise<void> {
    this.#user(name);
    const hash = await this.#parts.passwords.hash(password);
    this.#put({ ...this.#user(name), password: hash }, keep);
    for (const session of this.#sessionsOf(name)) if (session.hash !== keep) this.#forget(session);
  }

  /** @throws PharosError `NOT_FOUND`, `BAD_REQUEST` for the last admin, `STORAGE` */
  setRole(name: string, role: Role): void {
    const user = this.#user(name);
    if (role !== "admin") this.#keepAnAdmin(user);
    this.#put({ ...user, role });
    // What is open was opened with the old role.
    for (const { hash } of this.#sessionsOf(name)) this.#parts.onEnd(hash);
  }

  /** @throws PharosError `NOT_FOUND`, `BAD_REQUEST` for the last admin, `STORAGE` */
  remove(name: string): void {
    this.#keepAnAdmin(this.#user(name));
    this.#parts.store.removeUser(name);
    this.#users.delete(name);
    for (const session of this.#sessionsOf(name)) this.#forget(session);
  }

  /** Takes as long for a name that there is not. @throws PharosError `TOO_MANY` */
  async verify(name: string, password: string): Promise<boolean> {
    const kept = this.#users.get(name)?.password ?? null;
    // One that was changed meanwhile opens nothing any more.
    return (await this.#parts.passwords.verify(password, kept)) && this.#users.get(name)?.password === kept;
  }

  /**
   * Signs a browser in.
   * @param user null: by the hub's own link
   * @returns the cookie's secret @throws PharosError `STORAGE`
   */
  open(user: string | null): string {
    const { clock, store } = this.#parts;
    const secret = newSecret();
    const session = { hash: hashSecret(secret), user, createdAt: clock.now(), lastSeenAt: clock.now() };
    store.putSession(session);
    this.#sessions.set(session.hash, session);
    const all = this.#sessionsOf(user).sort((a, b) => a.lastSeenAt - b.lastSeenAt);
    for (const old of all.slice(0, Math.max(0, all.length - MOST_SESSIONS_OF_ONE))) this.#end(old);
    return secret;
  }

  /** Whose cookie it is; null when it is nobody's, or too old. */
  find(secret: string): Principal | null {
    const session = this.#sessions.get(hashSecret(secret));
    if (session === undefined) return null;
    const { clock, onSeen } = this.#parts;
    const user = session.user === null ? null : (this.#users.get(session.user) ?? null);
    if (this.#isOver(session, user)) {
      this.#drop(session);
      return null;
    }
    this.#sessions.set(session.hash, { ...session, lastSeenAt: clock.now() });
    onSeen(session.hash);
    if (user === null) return { name: "setup", role: "admin", device: null, ref: session.hash, needsPassword: true };
    return { name: user.name, role: user.role, device: null, ref: session.hash };
  }

  /** Signs the browser of this session out. */
  close(ref: string): void {
    const session = this.#sessions.get(ref);
    if (session !== undefined) this.#end(session);
  }

  /** There is a user now: the hub's own link signs nobody in any more. */
  endSetup(): void {
    for (const session of this.#sessionsOf(null)) this.#drop(session);
  }

  /** Whoever came by the hub's own link and chose no password in time is cut. */
  dropExpired(): void {
    for (const session of this.#sessionsOf(null)) if (this.#isOver(session, null)) this.#drop(session);
  }

  #isOver({ createdAt, lastSeenAt, user: name }: SessionRow, user: UserRow | null): boolean {
    const now = this.#parts.clock.now();
    if (name === null) return now - createdAt > SETUP_SESSION_MS;
    return user === null || now - lastSeenAt > SESSION_MS;
  }

  #user(name: string): UserRow {
    const user = this.#users.get(name);
    if (user === undefined) throw new PharosError("NOT_FOUND", `There is no user \`${name}\`.`);
    return user;
  }

  #mayCreate(name: string, role: Role): void {
    if (this.#users.has(name)) throw new PharosError("BAD_REQUEST", `There is a user \`${name}\` already.`);
    if (this.#users.size >= MOST_USERS) throw new PharosError("TOO_MANY", `There are ${MOST_USERS} users already.`);
    // Once there is a user the hub prints no key any more: nobody could make another one.
    if (role !== "admin" && this.#admins().length === 0) {
      throw new PharosError("BAD_REQUEST", "The first user must be an admin, who can make the others.");
    }
  }

  #keepAnAdmin(user: UserRow): void {
    if (user.role === "admin" && this.#admins().length === 1) {
      throw new PharosError("BAD_REQUEST", "This is the last admin: make another one first.");
    }
  }

  #admins(): UserRow[] {
    return [...this.#users.values()].filter(({ role }) => role === "admin");
  }

  #sessionsOf(user: string | null): SessionRow[] {
    return [...this.#sessions.values()].filter((session) => session.user === user);
  }

  #put(user: UserRow, keep?: string | null): void {
    this.#parts.store.putUser(user, keep);
    this.#users.set(user.name, user);
  }

  #end(session: SessionRow): void {
    this.#parts.store.removeSession(session.hash);
    this.#forget(session);
  }

  /** One that is over whatever the disk takes: a later start finds it over too. */
  #drop(session: SessionRow): void {
    this.#forget(session);
    unlessStorage(() => this.#parts.store.removeSession(session.hash));
  }

  #forget({ hash }: SessionRow): void {
    this.#sessions.delete(hash);
    this.#parts.onEnd(hash);
  }
}
