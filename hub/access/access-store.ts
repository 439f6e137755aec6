/** People, their browsers, and tokens as they are kept: an interface with one contract suite. Secrets are here only as hashes. */
import type { Role, TokenView } from "#protocol/access.ts";
import { PharosError } from "#protocol/errors.ts";

export interface UserRow {
  readonly name: string;
  readonly role: Role;
  /** `scrypt$…`, see `passwords.ts`. */
  readonly password: string;
  readonly createdAt: number;
}

/** A browser that is signed in. */
export interface SessionRow {
  /** Of the cookie. */
  readonly hash: string;
  /** Null: by the hub's own link, before there is anybody. */
  readonly user: string | null;
  readonly createdAt: number;
  readonly lastSeenAt: number;
}

export interface TokenRow extends TokenView {
  readonly hash: string;
}

export interface AccessRows {
  readonly users: readonly UserRow[];
  readonly sessions: readonly SessionRow[];
  readonly tokens: readonly TokenRow[];
}

/** Whatever is put is on disk when the call returns: who was shut out stays shut out after a power cut. */
export interface AccessStore {
  /** @throws StartError when the file is damaged, foreign, newer than this version, in use, or cannot be written */
  load(): AccessRows;
  /**
   * @param keep when given, all browsers of the user but the one of this hash are signed out with it; null keeps none
   * @throws PharosError `STORAGE`, as all below but `touch`; then nothing of it is kept
   */
  putUser(user: UserRow, keep?: string | null): void;
  /** With all the browsers it is signed in with. */
  removeUser(name: string): void;
  putSession(session: SessionRow): void;
  removeSession(hash: string): void;
  /** Those of one user, or with null those of the hub's own link. */
  removeSessionsOf(user: string | null): void;
  /** @param insteadOf id of a token that ends with it */
  putToken(token: TokenRow, insteadOf?: string | null): void;
  removeToken(id: string): void;
  /** When some were last seen or used, in one go; never throws: lost if it cannot be written. */
  touch(seen: { readonly sessions: ReadonlyMap<string, number>; readonly tokens: ReadonlyMap<string, number> }): void;
  close(): void;
}

/** For what is over in any case: that it cannot be written keeps nobody in, and nothing from working. */
export function unlessStorage(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof PharosError)) throw error;
  }
}
