/** What the fake hub knows of people, tokens and pairing, for tests to change. Types only; made by fake-access.ts. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AuditRecord, NewToken, PairingView, PendingView, Role, SessionView } from "#protocol/access.ts";
import type { PageSocket } from "./fake-feed.ts";

export interface FakeUser {
  readonly name: string;
  password: string;
  role: Role;
  readonly createdAt: number;
  lastSeenAt: number | null;
}

/** A browser: whose it is, or the setup's, or that of a link. */
export interface FakeSession {
  readonly user: string | null;
  readonly link: string | null;
}

export interface FakeAccess {
  readonly isLocked: boolean;
  /** From now on the hub asks pages who they are. */
  lock(): void;
  readonly users: Map<string, FakeUser>;
  readonly tokens: Map<string, NewToken>;
  /** By the secret of the cookie. */
  readonly sessions: Map<string, FakeSession>;
  /** The one-time key of the first start; null once it was used. */
  setupKey: string | null;
  readonly audit: AuditRecord[];
  pairing: PairingView;
  /** All that was asked over REST: `POST /session`. */
  readonly asked: string[];
  /** How long REST takes to answer, ms. */
  answerAfterMs: number;
  user(name: string, password: string, role: Role): void;
  /** Signs a new browser in. @returns the secret of its cookie */
  open(session: FakeSession): string;
  /** Says goodbye to the pages whose session fits; they stay signed in unless it was forgotten. */
  cut(fits: (session: FakeSession) => boolean): void;
  /** A device asks to be let in. */
  knock(pending: Partial<PendingView> & { readonly device: string }): void;
  /** Devices that were let in or sent away, in order: `approve lamp`. */
  readonly decided: string[];
  setPairing(view: Partial<PairingView>): void;
  sessionOf(cookie: string | undefined): SessionView;
  /** Middleware of `/dashboard`. */
  guard(socket: PageSocket, next: (error?: Error) => void): void;
  /** What the first update tells a page of itself; `tell` is called for each change of what only admins see. */
  join(
    socket: PageSocket,
    tell: (pairing: PairingView) => void,
  ): { readonly session: SessionView; readonly pairing?: PairingView };
  /** @returns whether the path is one of its own */
  serve(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}
