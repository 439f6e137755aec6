/** An access store that forgets everything at its end: for tests, and for hubs without a disk. */
import { PharosError } from "#protocol/errors.ts";
import type { AccessRows, AccessStore, SessionRow, TokenRow, UserRow } from "./access-store.ts";

export class MemoryAccessStore implements AccessStore {
  readonly #users = new Map<string, UserRow>();
  readonly #sessions = new Map<string, SessionRow>();
  readonly #tokens = new Map<string, TokenRow>();
  #isWritable = true;

  /** As if the disk filled up, or had room again. */
  setWritable(isWritable: boolean): void {
    this.#isWritable = isWritable;
  }

  load(): AccessRows {
    return {
      users: [...this.#users.values()],
      sessions: [...this.#sessions.values()],
      tokens: [...this.#tokens.values()],
    };
  }

  putUser(user: UserRow, keep?: string | null): void {
    this.#mustWrite();
    this.#users.set(user.name, user);
    if (keep === undefined) return;
    for (const session of this.#sessions.values()) {
      if (session.user === user.name && session.hash !== keep) this.#sessions.delete(session.hash);
    }
  }

  removeUser(name: string): void {
    this.#mustWrite();
    this.#users.delete(name);
    this.removeSessionsOf(name);
  }

  putSession(session: SessionRow): void {
    this.#mustWrite();
    this.#sessions.set(session.hash, session);
  }

  removeSession(hash: string): void {
    this.#mustWrite();
    this.#sessions.delete(hash);
  }

  removeSessionsOf(user: string | null): void {
    this.#mustWrite();
    for (const { hash, user: of } of this.#sessions.values()) if (of === user) this.#sessions.delete(hash);
  }

  putToken(token: TokenRow, insteadOf: string | null = null): void {
    this.#mustWrite();
    if (insteadOf !== null) this.#tokens.delete(insteadOf);
    this.#tokens.set(token.id, token);
  }

  removeToken(id: string): void {
    this.#mustWrite();
    this.#tokens.delete(id);
  }

  touch({ sessions, tokens }: Parameters<AccessStore["touch"]>[0]): void {
    if (!this.#isWritable) return;
    for (const [hash, lastSeenAt] of sessions) {
      const session = this.#sessions.get(hash);
      if (session !== undefined) this.#sessions.set(hash, { ...session, lastSeenAt });
    }
    for (const [id, lastUsedAt] of tokens) {
      const token = this.#tokens.get(id);
      if (token !== undefined) this.#tokens.set(id, { ...token, lastUsedAt });
    }
  }

  close(): void {}

  #mustWrite(): void {
    if (!this.#isWritable) throw new PharosError("STORAGE");
  }
}
