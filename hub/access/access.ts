/** Who somebody is and what they may: the one part that doors and outputs ask. Made by `hub.ts`. */
import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Clock, Timer } from "#base/clock.ts";
import type { NewToken, SessionView } from "#protocol/access.ts";
import { PharosError } from "#protocol/errors.ts";
import { clientAddress, isForwarded, isLoopback } from "../base/client-address.ts";
import type { HubConfig } from "../base/config.ts";
import type { AccessStore } from "./access-store.ts";
import type { AuditLog } from "./audit-log.ts";
import { readCookie } from "./cookie.ts";
import { Pairing } from "./pairing.ts";
import { Passwords } from "./passwords.ts";
import { People } from "./people.ts";
import { EVERYBODY, NOBODY, type Principal } from "./principal.ts";
import { hashSecret, isSameHash, newSecret } from "./secrets.ts";
import { SignInGuard } from "./sign-in-guard.ts";
import { Tokens } from "./tokens.ts";

/** How often it is written down when sessions and tokens were last used, and looked which links are over. */
const UPKEEP_MS = 60_000;

const USED_KEY = "This link was used already. Start the hub again for a new one.";
const ENDED_LINK = "This link has ended. Ask for another one, or sign in with a name.";

interface AccessEvents {
  /** What is known by this ref is known no more, or may something else: what it has open is cut. */
  ended: [ref: string];
  /** Who waits, or whether the window is open, changed. */
  pairing: [];
}

export interface AccessParts {
  readonly config: HubConfig;
  readonly clock: Clock;
  readonly store: AccessStore;
  readonly audit: AuditLog;
  /** But for a test. */
  readonly passwords?: Passwords;
}

export class Access {
  readonly events = new EventEmitter<AccessEvents>();
  readonly people: People;
  readonly tokens: Tokens;
  readonly pairing: Pairing;
  readonly #parts: AccessParts;
  readonly #guard: SignInGuard;
  readonly #addresses = new WeakMap<IncomingMessage, string>();
  readonly #seen = { sessions: new Map<string, number>(), tokens: new Map<string, number>() };
  /** Hash of the one-time key that the hub printed; null once it was used, or when there is somebody who can sign in. */
  #setup: string | null = null;
  #upkeep: Timer | null = null;

  constructor(parts: AccessParts) {
    const { clock, store } = parts;
    const onEnd = (ref: string): void => void this.events.emit("ended", ref);
    this.#parts = parts;
    this.#guard = new SignInGuard(clock);
    this.people = new People({
      clock,
      store,
      passwords: parts.passwords ?? new Passwords(),
      onEnd,
      onSeen: (hash) => void this.#seen.sessions.set(hash, clock.now()),
    });
    this.tokens = new Tokens({ clock, store, onEnd, onUsed: (id) => void this.#seen.tokens.set(id, clock.now()) });
    this.pairing = new Pairing(clock, () => void this.events.emit("pairing"));
    // Every device and every page listens.
    this.events.setMaxListeners(0);
  }

  /** @returns the one-time key for the first sign-in; null when somebody can sign in, or nobody has to. @throws StartError */
  start(): string | null {
    const { config, clock, store } = this.#parts;
    const rows = store.load();
    this.people.takeUp(rows);
    this.tokens.takeUp(rows.tokens, new Map(config.deviceToken.map(({ device, token }) => [device, token])));
    this.#upkeep = clock.every(UPKEEP_MS, () => this.#keepUp());
    if (!this.people.isEmpty || config.open === "lan") return null;
    const key = newSecret();
    this.#setup = hashSecret(key);
    return key;
  }

  async close(): Promise<void> {
    this.#upkeep?.cancel();
    this.pairing.close();
    this.#keepUp();
    this.#parts.store.close();
    await this.#parts.audit.close();
  }

  /** The peer's address, also behind a trusted proxy, and when the connection that brought the request is gone. */
  addressOf(request: IncomingMessage): string {
    const address = this.#addresses.get(request) ?? clientAddress(request, this.#parts.config.trustProxy);
    this.#addresses.set(request, address);
    return address;
  }

  /**
   * Who asks: by a token, by the cookie of a browser, or whoever it is where the hub is open.
   * @param token from elsewhere than the header `Authorization`
   * @throws PharosError `UNAUTHORIZED` for a token that is none: who gives a wrong one is not let in as nobody, unless everybody is
   */
  identify(request: IncomingMessage, token?: string): Principal {
    const isOpen = this.#isOpenTo(request);
    const given = token || bearerOf(request);
    if (given) return this.#byToken(given, isOpen);
    const cookie = readCookie(request.headers.cookie);
    return (cookie === null ? null : this.bySession(cookie)) ?? (isOpen ? EVERYBODY : NOBODY);
  }

  /** A device that the hub called itself: nobody has to say that it may come. */
  dialled(device: string, address: string): Principal {
    if (this.#isOpenAt(address)) return EVERYBODY;
    return { name: `device ${device}`, role: null, device, ref: `dialled ${device}` };
  }

  /** Whose cookie it is: a user's, or a guest's. */
  bySession(cookie: string): Principal | null {
    return this.people.find(cookie) ?? this.#guestOf(cookie);
  }

  /** The same where there is no request: on a line of TCP. */
  identifyLine(address: string, token: string | null): Principal {
    const isOpen = this.#isOpenAt(address);
    if (token !== null) return this.#byToken(token, isOpen);
    return isOpen ? EVERYBODY : NOBODY;
  }

  sessionOf(principal: Principal): SessionView {
    const { role, name, needsPassword = false } = principal;
    return { role, name: role === null ? null : name, needsPassword, isOpen: principal === EVERYBODY };
  }

  /**
   * @returns the secret for the cookie
   * @throws PharosError `UNAUTHORIZED`, `TOO_MANY`; the same whether the name or the password is wrong
   */
  async signIn(name: string, password: string, from: string): Promise<string> {
    this.#guard.check(name, from);
    // Counted before it is known: many at once are many tries.
    this.#guard.failed(name, from);
    if (!(await this.people.verify(name, password))) {
      this.note({ who: "-", from, what: "sign-in", target: name, result: "refused" });
      throw new PharosError("UNAUTHORIZED", "Name or password is wrong.");
    }
    this.#guard.succeeded(name, from);
    const secret = this.people.open(name);
    this.note({ who: name, from, what: "sign-in", target: name, result: "done" });
    return secret;
  }

  /**
   * By the key that the hub printed, which works once, or by that of a link for guests.
   * @returns the secret for the cookie; a guest's is the key itself, and ends with the link
   * @throws PharosError `UNAUTHORIZED`, `TOO_MANY`
   */
  signInByKey(key: string, from: string): string {
    // By address alone, which is no name: whoever tries keys keeps nobody else from using theirs.
    const name = `key from ${from}`;
    this.#guard.check(name, from);
    const guest = this.#guestOf(key);
    if (guest === null && !this.#isSetup(key)) {
      this.#guard.failed(name, from);
      this.note({ who: "-", from, what: "sign-in", target: "link", result: "refused" });
      throw new PharosError("UNAUTHORIZED", this.people.isEmpty ? USED_KEY : ENDED_LINK);
    }
    const secret = guest === null ? this.people.open(null) : key;
    if (guest === null) this.#setup = null;
    this.note({ who: guest?.name ?? "setup", from, what: "sign-in", target: "link", result: "done" });
    return secret;
  }

  /**
   * The first admin chooses a name and a password.
   * @returns the secret for the cookie @throws PharosError `BAD_REQUEST`, `STORAGE`
   */
  async chooseFirst(name: string, password: string, from: string): Promise<string> {
    await this.people.create(name, password, "admin");
    this.people.endSetup();
    this.note({ who: "setup", from, what: "user.create", target: name, result: "done" });
    return this.people.open(name);
  }

  /** All other browsers of this user are signed out. @throws PharosError `UNAUTHORIZED`, `TOO_MANY`, `FORBIDDEN` for who is no user */
  async changeOwn({ name, ref }: Principal, present: string, password: string, from: string): Promise<void> {
    if (ref === null || !this.people.has(name)) throw new PharosError("FORBIDDEN", "Only users have a password.");
    this.#guard.check(name, from);
    this.#guard.failed(name, from);
    if (!(await this.people.verify(name, present))) {
      throw new PharosError("UNAUTHORIZED", "The present password is another.");
    }
    this.#guard.succeeded(name, from);
    await this.people.setPassword(name, password, ref);
    this.note({ who: name, from, what: "password", target: name, result: "done" });
  }

  signOut({ name, ref }: Principal, from: string): void {
    if (ref !== null) this.people.close(ref);
    this.note({ who: name, from, what: "sign-out", target: name, result: "done" });
  }

  /** One click: the device gets its token over its own connection (protocol 7.9). @throws PharosError `NOT_FOUND`, `STORAGE` */
  approve(device: string): void {
    this.pairing.approve(device);
  }

  refuse(device: string): void {
    this.pairing.refuse(device);
  }

  /** For a device that was approved. */
  tokenFor(device: string): NewToken {
    return this.tokens.create({ kind: "device", device });
  }

  note(record: Omit<Parameters<AuditLog["write"]>[0], "at">): void {
    this.#parts.audit.write({ at: this.#parts.clock.now(), ...record });
  }

  /** All that was noted, oldest first. */
  readAudit(): AsyncIterable<string> {
    return this.#parts.audit.read();
  }

  /** Whether it is the key that the hub printed, while nobody else can sign in. */
  #isSetup(key: string): boolean {
    return this.#setup !== null && this.people.isEmpty && isSameHash(hashSecret(key), this.#setup);
  }

  /** A browser may hold the token of a link for guests as its cookie; that of a device or a program is none. */
  #guestOf(key: string): Principal | null {
    const guest = this.tokens.find(key);
    return guest !== null && this.tokens.isLink(guest) ? guest : null;
  }

  #byToken(token: string, isOpen: boolean): Principal {
    const principal = this.tokens.find(token);
    if (principal !== null) return principal;
    if (isOpen) return EVERYBODY;
    // One that lost its token, or whose token was revoked, may be approved anew (protocol 2.9).
    if (this.pairing.isOpen) return NOBODY;
    throw new PharosError("UNAUTHORIZED", "This token is none of this hub's, or was revoked.");
  }

  #isOpenAt(address: string): boolean {
    const { open } = this.#parts.config;
    return open === "lan" || (open === "loopback" && isLoopback(address));
  }

  /** A proxy on this computer passes on whom it likes: its requests are nobody's own, unless it is trusted to say whose. */
  #isOpenTo(request: IncomingMessage): boolean {
    const { open, trustProxy } = this.#parts.config;
    if (open === "loopback" && isForwarded(request) && !trustProxy) return false;
    // The proxy is on this computer too: from elsewhere anybody may say that it passes on for this one.
    return this.#isOpenAt(clientAddress(request, false)) && this.#isOpenAt(this.addressOf(request));
  }

  #keepUp(): void {
    this.tokens.dropExpired();
    this.people.dropExpired();
    const { sessions, tokens } = this.#seen;
    if (sessions.size + tokens.size > 0) this.#parts.store.touch({ sessions, tokens });
    sessions.clear();
    tokens.clear();
  }
}

function bearerOf(request: IncomingMessage): string | null {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? null;
}
