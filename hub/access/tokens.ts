/** Tokens of devices, programs and guests: made, found by their secret, revoked. Made by `access.ts`. */
import type { Clock } from "#base/clock.ts";
import type { CreateTokenRequest, NewToken, Role, TokenView } from "#protocol/access.ts";
import { PharosError } from "#protocol/errors.ts";
import { type AccessStore, type TokenRow, unlessStorage } from "./access-store.ts";
import type { Principal } from "./principal.ts";
import { hashSecret, newId, newSecret } from "./secrets.ts";

const MOST_TOKENS = 25_000;

export interface TokenParts {
  readonly clock: Clock;
  readonly store: AccessStore;
  /** Called with the id of each token that ended. */
  onEnd(id: string): void;
  /** A token was used: when is written later. */
  onUsed(id: string): void;
}

export class Tokens {
  readonly #parts: TokenParts;
  readonly #byId = new Map<string, TokenRow>();
  readonly #byHash = new Map<string, TokenRow>();
  /** Tokens that the hub was started with: kept nowhere. */
  readonly #given = new Map<string, string>();

  constructor(parts: TokenParts) {
    this.#parts = parts;
  }

  /** @param given device id → its token, as the hub was told at its start */
  takeUp(tokens: readonly TokenRow[], given: ReadonlyMap<string, string>): void {
    for (const token of tokens) this.#keep(token);
    for (const [device, token] of given) this.#given.set(hashSecret(token), device);
  }

  list(): readonly TokenView[] {
    this.dropExpired();
    return [...this.#byId.values()].map(viewOf);
  }

  /** The one that a device uses now; a device has one. */
  ofDevice(device: string): TokenView | null {
    for (const token of this.#byId.values())
      if (token.kind === "device" && token.subject === device) return viewOf(token);
    return null;
  }

  /**
   * A device that had one gets another, and the old one ends.
   * @throws PharosError `TOO_MANY`, `STORAGE`
   */
  create(request: CreateTokenRequest): NewToken {
    if (this.#byId.size >= MOST_TOKENS) this.dropExpired();
    if (this.#byId.size >= MOST_TOKENS) throw new PharosError("TOO_MANY", `There are ${MOST_TOKENS} tokens already.`);
    const { clock } = this.#parts;
    const secret = newSecret();
    const subject = request.kind === "device" ? request.device : request.label;
    const row: TokenRow = {
      id: newId(),
      kind: request.kind,
      subject,
      role: roleOf(request),
      hash: hashSecret(secret),
      createdAt: clock.now(),
      expiresAt: request.kind === "link" ? clock.now() + request.expiresMs : null,
      lastUsedAt: null,
    };
    const before = request.kind === "device" ? this.ofDevice(request.device) : null;
    this.#replace(row, before?.id ?? null);
    return { ...viewOf(row), token: secret };
  }

  /** Another secret for the same thing; the old one ends at once. @throws PharosError `NOT_FOUND`, `STORAGE` */
  rotate(id: string): NewToken {
    const old = this.#byId.get(id);
    if (old === undefined) throw new PharosError("NOT_FOUND", "There is no such token.");
    const secret = newSecret();
    const row = { ...old, id: newId(), hash: hashSecret(secret), createdAt: this.#parts.clock.now(), lastUsedAt: null };
    this.#replace(row, id);
    return { ...viewOf(row), token: secret };
  }

  /** @throws PharosError `NOT_FOUND`, `STORAGE` */
  revoke(id: string): void {
    const token = this.#byId.get(id);
    if (token === undefined) throw new PharosError("NOT_FOUND", "There is no such token.");
    this.#parts.store.removeToken(id);
    this.#forget(token);
  }

  /** A device that is removed takes its token with it. */
  revokeDevice(device: string): void {
    const token = this.ofDevice(device);
    if (token !== null) this.revoke(token.id);
  }

  /** Whose it is; null for nobody's, and for one that has expired. A hash is looked up: its time tells nothing of the secret. */
  find(secret: string): Principal | null {
    const hash = hashSecret(secret);
    const given = this.#given.get(hash);
    if (given !== undefined) return { name: `device ${given}`, role: null, device: given, ref: `given ${given}` };
    const token = this.#byHash.get(hash);
    if (token === undefined || this.#isOver(token)) return null;
    const { clock, onUsed } = this.#parts;
    this.#keep({ ...token, lastUsedAt: clock.now() });
    onUsed(token.id);
    const isDevice = token.kind === "device";
    const name = isDevice ? `device ${token.subject}` : `token ${token.subject}`;
    return { name, role: token.role, device: isDevice ? token.subject : null, ref: token.id };
  }

  /** Whether somebody came by a link for guests. */
  isLink({ ref }: Principal): boolean {
    return ref !== null && this.#byId.get(ref)?.kind === "link";
  }

  /** Links that are over end, also for who has one open. */
  dropExpired(): void {
    for (const token of this.#byId.values()) {
      if (!this.#isOver(token)) continue;
      this.#forget(token);
      unlessStorage(() => this.#parts.store.removeToken(token.id));
    }
  }

  /** Wholly or not at all. */
  #replace(token: TokenRow, oldId: string | null): void {
    this.#parts.store.putToken(token, oldId);
    this.#keep(token);
    const old = oldId === null ? undefined : this.#byId.get(oldId);
    if (old !== undefined) this.#forget(old);
  }

  #isOver({ expiresAt }: TokenRow): boolean {
    return expiresAt !== null && this.#parts.clock.now() >= expiresAt;
  }

  #keep(token: TokenRow): void {
    this.#byId.set(token.id, token);
    this.#byHash.set(token.hash, token);
  }

  #forget({ id, hash }: TokenRow): void {
    this.#byId.delete(id);
    this.#byHash.delete(hash);
    this.#parts.onEnd(id);
  }
}

/** A link is for looking. */
function roleOf(request: CreateTokenRequest): Role | null {
  if (request.kind === "link") return "viewer";
  return request.role ?? null;
}

function viewOf({ hash: _, ...view }: TokenRow): TokenView {
  return view;
}
