/** People, tokens and pairing, as the fake hub of the page's tests has them: the REST of protocol 10 without a disk. Made by fake-hub.ts. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { isAtLeast, type PairingView, type PendingView, type Role, type SessionView } from "#protocol/access.ts";
import { ERRORS, PharosError, wireError } from "#protocol/errors.ts";
import { accessRoutes, type FakeCall } from "./fake-access-routes.ts";
import type { FakeAccess, FakeSession } from "./fake-access-state.ts";
import type { PageSocket } from "./fake-feed.ts";

const NOBODY: SessionView = { role: null, name: null, needsPassword: false, isOpen: false };
const EVERYBODY: SessionView = { role: "admin", name: "open", needsPassword: false, isOpen: true };

export function secretIn(cookie: string | undefined): string {
  return /pharos_session=([^;]*)/.exec(cookie ?? "")?.[1] ?? "";
}

export function createFakeAccess(): FakeAccess {
  const pages = new Map<PageSocket, { readonly session: FakeSession | undefined; tell(pairing: PairingView): void }>();
  let isLocked = false;
  const access: FakeAccess = {
    get isLocked() {
      return isLocked;
    },
    lock() {
      isLocked = true;
    },
    users: new Map(),
    tokens: new Map(),
    sessions: new Map(),
    setupKey: null,
    audit: [],
    pairing: { until: null, pending: [] },
    asked: [],
    answerAfterMs: 0,
    decided: [],
    user(name, password, role) {
      access.users.set(name, { name, password, role, createdAt: Date.now(), lastSeenAt: null });
    },
    open(session) {
      const secret = randomUUID();
      access.sessions.set(secret, session);
      return secret;
    },
    cut(fits) {
      for (const [socket, { session }] of pages) {
        if (session === undefined || !fits(session)) continue;
        socket.emit("bye", wireError("UNAUTHORIZED"));
        socket.disconnect(true);
      }
    },
    knock(part) {
      const pending: PendingView = {
        address: "192.168.1.30",
        door: "websocket",
        name: null,
        model: null,
        since: Date.now(),
        ...part,
      };
      access.setPairing({ pending: [...access.pairing.pending, pending] });
    },
    setPairing(view) {
      access.pairing = { ...access.pairing, ...view };
      for (const [socket, { tell }] of pages) if (roleOf(socket) === "admin") tell(access.pairing);
    },
    sessionOf(cookie) {
      return viewOf(access, access.sessions.get(secretIn(cookie))) ?? (isLocked ? NOBODY : EVERYBODY);
    },
    guard(socket, next) {
      if (roleOf(socket) !== null) return next();
      next(Object.assign(new Error("UNAUTHORIZED"), { data: wireError("UNAUTHORIZED") }));
    },
    join(socket, tell) {
      const { cookie } = socket.handshake.headers;
      pages.set(socket, { tell, session: access.sessions.get(secretIn(cookie)) });
      socket.on("disconnect", () => pages.delete(socket));
      const session = access.sessionOf(cookie);
      return { session, ...(session.role === "admin" && { pairing: access.pairing }) };
    },
    serve: (path, request, response) => serve(access, path, request, response),
  };

  const roleOf = (socket: PageSocket): Role | null => access.sessionOf(socket.handshake.headers.cookie).role;
  return access;
}

function viewOf(access: FakeAccess, session: FakeSession | undefined): SessionView | null {
  if (session === undefined) return null;
  if (session.link !== null) {
    const link = access.tokens.get(session.link);
    return link === undefined ? null : { ...NOBODY, role: "viewer", name: `token ${link.subject}` };
  }
  if (session.user === null) return { ...NOBODY, role: "admin", name: "setup", needsPassword: true };
  const user = access.users.get(session.user);
  return user === undefined ? null : { ...NOBODY, role: user.role, name: user.name };
}

async function serve(access: FakeAccess, path: string, request: IncomingMessage, response: ServerResponse) {
  const { method = "GET" } = request;
  const parts = path.split("/").slice(1).map(decodeURIComponent);
  const route = accessRoutes[`${method} ${shapeOf(parts)}`];
  if (route === undefined) return false;
  access.asked.push(`${method} ${path}`);
  const sent = await text(request);
  if (access.answerAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, access.answerAfterMs));
  const secret = secretIn(request.headers.cookie);
  const session = access.sessionOf(request.headers.cookie);
  const setCookie = (to: string): void =>
    void response.setHeader("set-cookie", `pharos_session=${to}; Path=/; HttpOnly; SameSite=Strict`);
  const call: FakeCall = { access, secret, session, id: parts[1] ?? "", body: JSON.parse(sent || "null"), setCookie };
  try {
    if (session.role === null && route.needs !== null) throw new PharosError("UNAUTHORIZED");
    if (route.needs !== null && !isAtLeast(session.role, route.needs)) throw new PharosError("FORBIDDEN");
    answer(response, 200, route.handle(call));
  } catch (error) {
    const known = error instanceof PharosError ? error : new PharosError("BAD_REQUEST", String(error));
    answer(response, ERRORS[known.code].status, { error: known.toWire() });
  }
  return true;
}

/** `["tokens", "x", "rotate"]` → `tokens/* /rotate`, without the space. */
function shapeOf([first, second, third]: readonly string[]): string {
  if (second === undefined || `${first}/${second}` === "session/password")
    return [first, second].filter(Boolean).join("/");
  return [first, "*", third].filter(Boolean).join("/");
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const isText = typeof body === "string";
  response.writeHead(status, { "content-type": isText ? "application/x-ndjson" : "application/json" });
  response.end(isText ? body : JSON.stringify(body));
}
