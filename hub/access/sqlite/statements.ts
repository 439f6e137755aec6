/** What is read from the access file and written to it, prepared once. Called by the SQLite access store. */
import type { Database, Statement } from "better-sqlite3";
import type { AccessRows, SessionRow, TokenRow, UserRow } from "../access-store.ts";

/** What a row of `touch` gives: when it was, and which. */
type Touch = Statement<[at: number, key: string]>;

export interface Statements {
  readonly putUser: Statement<UserRow>;
  readonly removeUser: Statement<[string]>;
  readonly putSession: Statement<SessionRow>;
  readonly removeSession: Statement<[string]>;
  readonly removeSessionsOf: Statement<[string | null]>;
  readonly removeOtherSessions: Statement<[user: string, kept: string | null]>;
  readonly putToken: Statement<TokenRow>;
  readonly removeToken: Statement<[string]>;
  readonly touchSession: Touch;
  readonly touchToken: Touch;
}

export function prepare(db: Database): Statements {
  return {
    putUser: db.prepare(
      `INSERT INTO user (name, role, password, created_at) VALUES (@name, @role, @password, @createdAt)
       ON CONFLICT (name) DO UPDATE SET role = excluded.role, password = excluded.password, created_at = excluded.created_at`,
    ),
    removeUser: db.prepare("DELETE FROM user WHERE name = ?"),
    putSession: db.prepare(
      `INSERT OR REPLACE INTO session (hash, user, created_at, last_seen_at)
       VALUES (@hash, @user, @createdAt, @lastSeenAt)`,
    ),
    removeSession: db.prepare("DELETE FROM session WHERE hash = ?"),
    removeSessionsOf: db.prepare("DELETE FROM session WHERE user IS ?"),
    removeOtherSessions: db.prepare("DELETE FROM session WHERE user = ? AND hash IS NOT ?"),
    putToken: db.prepare(
      `INSERT OR REPLACE INTO token (id, kind, subject, role, hash, created_at, expires_at, last_used_at)
       VALUES (@id, @kind, @subject, @role, @hash, @createdAt, @expiresAt, @lastUsedAt)`,
    ),
    removeToken: db.prepare("DELETE FROM token WHERE id = ?"),
    touchSession: db.prepare("UPDATE session SET last_seen_at = ? WHERE hash = ?"),
    touchToken: db.prepare("UPDATE token SET last_used_at = ? WHERE id = ?"),
  };
}

/** Oldest first. */
export function readRows(db: Database): AccessRows {
  const rows = <Row>(columns: string, key: string): readonly Row[] =>
    db.prepare<[], Row>(`SELECT ${columns} ORDER BY created_at, ${key}`).all();
  return {
    users: rows<UserRow>("name, role, password, created_at AS createdAt FROM user", "name"),
    sessions: rows<SessionRow>("hash, user, created_at AS createdAt, last_seen_at AS lastSeenAt FROM session", "hash"),
    tokens: rows<TokenRow>(
      `id, kind, subject, role, hash, created_at AS createdAt, expires_at AS expiresAt, last_used_at AS lastUsedAt
       FROM token`,
      "id",
    ),
  };
}
