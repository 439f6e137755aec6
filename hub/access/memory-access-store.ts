/** An access store that forgets everything at its end: for tests, and for hubs without a disk. */
import type { AccessRows, AccessStore, SessionRow, TokenRow, UserRow } from "./access-store.ts";

export class MemoryAccessStore implements AccessStore {
  readonly #users = new Map<string, UserRow>();
  readonly #sessions = new Map<string, SessionRow>();
  readonly #tokens = new Map<string, TokenRow>();

  load(): AccessRows {
    return {
      users: [...this.#users.values()],
      sessions: [...this.#sessions.values()],
      tokens: [...this.#tokens.values()],
    };
  }

  putUser(user: UserRow): void {
    this.#users.set(user.name, user);
  }

  removeUser(name: string): void {
    this.#users.delete(name);
    this.removeSessionsOf(name);
  }

  putSession(session: SessionRow): void {
    this.#sessions.set(session.hash, session);
  }

  removeSession(hash: string): void {
    this.#sessions.delete(hash);
  }

  removeSessionsOf(user: string | null): void {
    for (const { hash, user: of } of this.#sessions.values()) if (of === user) this.#sessions.delete(hash);
  }

  putToken(token: TokenRow): void {
    this.#tokens.set(token.id, token);
  }

  removeToken(id: string): void {
    this.#tokens.delete(id);
  }

  touch({ sessions, tokens }: Parameters<AccessStore["touch"]>[0]): void {
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
}
