/** The page's connection to the hub: namespace `/dashboard`, always coming back by itself. Made by `page.ts`. */
import { batch, type ReadonlySignal, signal } from "@preact/signals";
import { io, type Socket } from "socket.io-client";
import type { HubToPage, PageToHub, Update } from "#protocol/dashboard-events.ts";
import type { WireError } from "#protocol/errors.ts";
import { createPlotLink, type PlotLink } from "./plot-link.ts";
import { createRequests, type Requests } from "./requests.ts";
import { createTerminalLink, type TerminalLink } from "./terminal-link.ts";

/** After a sleep the hub must answer this fast, or the connection is taken for dead. */
const ALIVE_WITHIN_MS = 1000;
const TICK_MS = 1000;
/** The ticks stood still for longer than this: the machine slept. */
const SLEPT_MS = 5000;

export interface LinkStatus {
  readonly state: "connecting" | "connected" | "lost";
  /** Since when, this machine's clock, ms. */
  readonly since: number;
}

export interface HubLink extends Requests {
  readonly status: ReadonlySignal<LinkStatus>;
  /** This page's socket id, by which the hub names the hand that holds a control. */
  readonly pageId: ReadonlySignal<string | null>;
  /** Asks for the details of one device with the updates, now and after each connection; null for none. */
  watch(device: string | null): void;
  readonly openTerminal: TerminalLink["open"];
  readonly openPlots: PlotLink["open"];
  start(): void;
  /** Connects anew, as whoever is signed in now. */
  reconnect(): void;
}

export interface HubLinkParts {
  /** The hub's origin; empty for the page's own. */
  readonly origin: string;
  now(): number;
  /** Called for each update, before it is acknowledged. */
  onUpdate(update: Update): void;
  /** The hub does not let this page in: somebody has to sign in first. */
  onRefused(): void;
  /** The hub's first words after a connection have been taken in. */
  onReady(): void;
}

type HubSocket = Socket<HubToPage, PageToHub>;

function createSocket(origin: string): HubSocket {
  return io(`${origin}/dashboard`, {
    autoConnect: false,
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 250,
    reconnectionDelayMax: 2000,
    timeout: 4000,
  });
}

/** Nothing happens before `start()`. The promises reject when the link is lost before the answer. */
export function createHubLink(parts: HubLinkParts): HubLink {
  const { now } = parts;
  const status = signal<LinkStatus>({ state: "connecting", since: now() });
  const pageId = signal<string | null>(null);
  const socket = createSocket(parts.origin);
  const terminal = createTerminalLink(socket);
  const plots = createPlotLink(socket);
  let watched: string | null = null;

  function enter(state: LinkStatus["state"]): void {
    if (status.peek().state !== state) status.value = { state, since: now() };
  }

  socket.on("connect", () => {
    pageId.value = socket.id ?? null;
  });
  socket.on("update", (update, done) => {
    parts.onUpdate(update);
    done();
    if (update.hub === undefined) return;
    enter("connected");
    if (watched !== null) socket.emit("watch", { device: watched });
    terminal.reconnected();
    plots.reconnected();
    parts.onReady();
  });
  socket.on("disconnect", (reason) => {
    pageId.value = null;
    enter("lost");
    // Socket.IO comes back by itself but for this one: a hub that stops says goodbye first.
    if (reason === "io server disconnect") socket.connect();
  });

  // The session is over, or may something else now: whether it still lets in shows at once.
  onUnauthorized(socket, reconnect, () => {
    status.value = { state: "connecting", since: now() };
    parts.onRefused();
  });

  function restart(): void {
    socket.disconnect();
    enter("lost");
    socket.connect();
  }

  /** No link is lost: nobody is told so. */
  function reconnect(): void {
    batch(() => {
      socket.disconnect();
      status.value = { state: "connecting", since: now() };
    });
    socket.connect();
  }

  return {
    status,
    pageId,
    start() {
      socket.connect();
      watchForWaking(now, createCheck(socket, restart));
    },
    reconnect,
    ...createRequests(socket),
    openTerminal: terminal.open,
    openPlots: plots.open,
    watch: (device) => {
      watched = device;
      if (status.peek().state === "connected") socket.emit("watch", { device });
    },
  };
}

/** @param cut the hub ends the connection @param refused it does not let the page connect; Socket.IO does not try that again */
function onUnauthorized(socket: HubSocket, cut: () => void, refused: () => void): void {
  socket.on("connect_error", (error: Error & { data?: WireError }) => {
    if (error.data?.code === "UNAUTHORIZED") refused();
  });
  socket.on("bye", ({ code }) => {
    if (code === "UNAUTHORIZED") cut();
  });
}

/** The machine may have slept: trust the connection only if the hub answers at once. */
function createCheck(socket: HubSocket, restart: () => void): () => void {
  let checking = false;
  return async () => {
    if (!socket.connected) return restart();
    if (checking) return;
    checking = true;
    const answered = socket.timeout(ALIVE_WITHIN_MS).emitWithAck("alive");
    await answered.catch(restart);
    checking = false;
  };
}

/** Calls `woke` when the page is shown again, the network returns, or time has leapt; it watches as long as the page lives. */
function watchForWaking(now: () => number, woke: () => void): void {
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && woke());
  document.addEventListener("resume", woke);
  window.addEventListener("pageshow", (event) => event.persisted && woke());
  window.addEventListener("online", woke);
  let last = now();
  window.setInterval(() => {
    const slept = now() - last > SLEPT_MS;
    last = now();
    if (slept && document.visibilityState === "visible") woke();
  }, TICK_MS);
}
