/**
 * A hub for tests of the page alone: serves `dist/web` under a strict policy, speaks `/dashboard`, and does with its
 * devices exactly what a test says. Everything asked of it is kept for the test to read.
 */
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { Server, type Socket } from "socket.io";
import type {
  DeviceChange,
  HubInfo,
  HubToPage,
  PageToHub,
  Said,
  SetRequest,
  Update,
} from "#protocol/dashboard-events.ts";
import { wireError } from "#protocol/errors.ts";
import type { Value } from "#protocol/values.ts";
import type { About, Link, PropertyState, Wish } from "#protocol/views.ts";

type PageSocket = Socket<PageToHub, HubToPage>;
type Heard = { readonly [E in keyof PageToHub]: { event: E; data: Parameters<PageToHub[E]>[0] } }[keyof PageToHub];

export interface FakeHubOptions {
  readonly webDir: string;
  readonly open?: HubInfo["open"];
  readonly port?: number;
}

interface FullDevice {
  readonly id: string;
  about: About;
  link: Link;
  state: Record<string, PropertyState>;
}

/** What a device does with a wish: applies it after `ms`, fails with a sentence, or never answers. */
export type Behaviour = { readonly afterMs: number; readonly error?: string } | "never";

export interface FakeHub {
  /** `http://127.0.0.1:PORT`, after `start()`. */
  readonly url: string;
  /** All that pages asked, in order. */
  readonly heard: Heard[];
  /** The most `set`s of one property that a page ever had unanswered. */
  readonly mostUnanswered: number;
  /** How long the hub itself takes to keep a wish, ms. */
  ackAfterMs: number;
  /** If above 0, the old value is still on its way to the page when a wish is answered, and the next news waits so long. */
  staleForMs: number;
  /** What each device does with a wish; `"*"` for all others. */
  readonly behaviour: Map<string, Behaviour>;
  /** Whether the hub answers `alive`: false stands for a connection that died without a word. */
  alive: boolean;
  start(): Promise<void>;
  /** Drops every page and refuses new ones until `start()`; the port stays the same. */
  stop(): Promise<void>;
  close(): Promise<void>;
  pages(): number;
  /** How often pages have connected so far. */
  readonly connections: number;
  /** Adds a device, or replaces it. */
  device(id: string, about?: Partial<About>, link?: Partial<Link>): void;
  /** A device reports values. */
  report(id: string, values: { readonly [property: string]: Value }): void;
  beat(id: string): void;
  link(id: string, link: Partial<Link>): void;
  state(id: string, property: string, state: Partial<PropertyState>): void;
  gone(id: string): void;
  say(said: Partial<Said>): void;
}

const TYPES: { readonly [ext: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export const ABOUT: About = { name: "", model: null, software: null, rooms: [], properties: {}, actions: {} };
const NOTHING: PropertyState = { desired: null, reported: null, heldBy: null };

export function createFakeHub(options: FakeHubOptions): FakeHub {
  const devices = new Map<string, FullDevice>();
  const feeds = new Map<string, Feed>();
  const said: Said[] = [];
  const unanswered = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  let port = options.port ?? 0;
  let seq = 0;
  let stopServer = async (): Promise<void> => {};

  function later(ms: number, run: () => void): void {
    if (ms === 0) {
      run();
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  }

  function tell(change: DeviceChange): void {
    for (const feed of feeds.values()) feed.add({ devices: [change] });
  }

  function find(id: string): FullDevice {
    const device = devices.get(id);
    if (device === undefined) throw new Error(`the test made no device ${id}`);
    return device;
  }

  function changeState(id: string, property: string, part: Partial<PropertyState>): void {
    const device = find(id);
    const state = { ...(device.state[property] ?? NOTHING), ...part };
    device.state[property] = state;
    tell({ id, state: { [property]: state } });
  }

  function pass({ device: id, property, value }: SetRequest): void {
    const behaviour = hub.behaviour.get(id) ?? hub.behaviour.get("*") ?? { afterMs: 0 };
    const offline = find(id).link.presence === "offline";
    const wish: Wish = { value, by: "page", at: Date.now(), status: offline ? "waiting" : "sent" };
    changeState(id, property, { desired: wish });
    if (offline || behaviour === "never") return;
    later(behaviour.afterMs, () => {
      const newest = find(id).state[property]?.desired === wish;
      if (behaviour.error !== undefined) {
        if (newest) changeState(id, property, { desired: failed(wish, behaviour.error) });
        return;
      }
      const reported = { value, at: Date.now() };
      changeState(id, property, { reported, ...(newest && { desired: { ...wish, status: "applied" } }) });
    });
  }

  function tellOld({ device, property }: SetRequest): void {
    const state = find(device).state[property] ?? NOTHING;
    for (const feed of feeds.values()) feed.sendOld({ id: device, state: { [property]: state } }, hub.staleForMs);
  }

  function welcome(socket: PageSocket): void {
    connections += 1;
    const feed = createFeed(socket);
    feeds.set(socket.id, feed);
    const info: HubInfo = {
      version: "0.0.0",
      open: options.open ?? null,
      addresses: [`http://192.168.1.5:5000`],
      heartbeatIntervalMs: 10_000,
    };
    feed.add({ hub: info, devices: [...devices.values()].map((d) => ({ ...d, state: { ...d.state } })), said });
    socket.on("disconnect", () => feeds.delete(socket.id));
    listen(socket);
  }

  function listen(socket: PageSocket): void {
    socket.on("set", (request, done) => {
      hub.heard.push({ event: "set", data: request });
      const key = `${socket.id} ${request.device} ${request.property}`;
      const open = (unanswered.get(key) ?? 0) + 1;
      unanswered.set(key, open);
      mostUnanswered = Math.max(mostUnanswered, open);
      later(hub.ackAfterMs, () => {
        unanswered.set(key, (unanswered.get(key) ?? 1) - 1);
        if (request.value === "refuse me") return done({ error: wireError("INVALID_VALUE") });
        if (hub.staleForMs > 0) tellOld(request);
        pass(request);
        done({ desired: request.value });
      });
    });
    socket.on("hold", (request) => {
      hub.heard.push({ event: "hold", data: request });
      changeState(request.device, request.property, { heldBy: request.held ? socket.id : null });
    });
    socket.on("act", (request, done) => {
      hub.heard.push({ event: "act", data: request });
      const unknown = request.action !== "identify" && find(request.device).about.actions[request.action] === undefined;
      done(unknown ? { error: wireError("NO_ACTION") } : { output: null });
    });
    socket.on("say", (request, done) => {
      hub.heard.push({ event: "say", data: request });
      hub.say({ kind: "sent", to: ["device" in request ? request.device : request.room], text: request.text });
      done({ delivered: 1 });
    });
    socket.on("alive", (done) => hub.alive && done());
  }

  let mostUnanswered = 0;
  let connections = 0;
  const hub: FakeHub = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    get connections() {
      return connections;
    },
    get mostUnanswered() {
      return mostUnanswered;
    },
    heard: [],
    ackAfterMs: 0,
    staleForMs: 0,
    behaviour: new Map(),
    alive: true,
    async start() {
      const http = createServer((request, response) => void serveFile(options.webDir, request.url ?? "/", response));
      const io = new Server<PageToHub, HubToPage>(http, { serveClient: false });
      io.of("/dashboard").on("connection", welcome);
      await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
      const address = http.address();
      if (typeof address === "object" && address !== null) port = address.port;
      stopServer = async () => {
        http.closeAllConnections();
        await io.close();
      };
    },
    async stop() {
      await stopServer();
      stopServer = async () => {};
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await hub.stop();
    },
    pages: () => feeds.size,
    device(id, about = {}, link = {}) {
      const device = { id, about: { ...ABOUT, name: id, ...about }, link: { ...onlineLink(), ...link }, state: {} };
      devices.set(id, device);
      tell(device);
    },
    report(id, values) {
      const at = Date.now();
      for (const [name, value] of Object.entries(values)) changeState(id, name, { reported: { value, at } });
      hub.link(id, { lastSeen: at });
    },
    beat(id) {
      const now = Date.now();
      hub.link(id, { lastSeen: now, beats: [...find(id).link.beats, now].slice(-32) });
    },
    link(id, part) {
      const device = find(id);
      device.link = { ...device.link, ...part };
      tell({ id, link: device.link });
    },
    state: changeState,
    gone(id) {
      devices.delete(id);
      for (const feed of feeds.values()) feed.add({ gone: [id] });
    },
    say(part) {
      const one: Said = { at: Date.now(), from: null, to: [], kind: "message", text: "", ...part, seq: seq++ };
      said.push(one);
      for (const feed of feeds.values()) feed.add({ said: [one] });
    },
  };
  return hub;
}

function failed(wish: Wish, message: string): Wish {
  return { ...wish, status: "failed", error: { code: "FAILED", message } };
}

function onlineLink(): Link {
  const now = Date.now();
  return {
    presence: "online",
    reason: "connected",
    since: now,
    lastSeen: now,
    door: "websocket",
    address: "192.168.1.20",
    beatMs: null,
    beats: [],
    vitals: {},
  };
}

interface Feed {
  add(news: Partial<Update>): void;
  /** Sends `change` now, and everything else only after `pauseMs`. */
  sendOld(change: DeviceChange, pauseMs: number): void;
}

/** One page's news: one unacknowledged update at a time, newest wins, as the hub does. */
function createFeed(socket: PageSocket): Feed {
  let waiting: Update | null = null;
  let busy = false;
  let pauses = 0;

  function flush(): void {
    if (busy || pauses > 0 || waiting === null) return;
    const update = { ...waiting, now: Date.now() };
    waiting = null;
    busy = true;
    socket.emit("update", update, () => {
      busy = false;
      flush();
    });
  }

  return {
    sendOld(change, pauseMs) {
      socket.emit("update", { now: Date.now(), devices: [change], gone: [], said: [] }, () => {});
      pauses += 1;
      setTimeout(() => {
        pauses -= 1;
        flush();
      }, pauseMs);
    },
    add(news) {
      const base = waiting ?? { now: 0, devices: [], gone: [], said: [] };
      waiting = {
        ...base,
        ...(news.hub && { hub: news.hub }),
        devices: mergeChanges(base.devices, news.devices ?? []),
        gone: [...base.gone, ...(news.gone ?? [])],
        said: [...base.said, ...(news.said ?? [])],
      };
      setImmediate(flush);
    },
  };
}

function mergeChanges(before: readonly DeviceChange[], more: readonly DeviceChange[]): readonly DeviceChange[] {
  const merged = new Map(before.map((change) => [change.id, change]));
  for (const change of more) {
    const old = merged.get(change.id);
    merged.set(change.id, { ...old, ...change, ...(old?.state && { state: { ...old.state, ...change.state } }) });
  }
  return [...merged.values()];
}

/** Files of the page; any other path gets the page itself, so that deep links work. */
async function serveFile(dir: string, url: string, response: ServerResponse): Promise<void> {
  const path = normalize(new URL(url, "http://hub").pathname);
  const file = extname(path) === "" ? "index.html" : path;
  const body = await readFile(join(dir, file)).catch(() => null);
  response.writeHead(body === null ? 404 : 200, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    "content-security-policy": "default-src 'self'",
  });
  response.end(body);
}
