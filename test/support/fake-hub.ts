/**
 * A hub for tests of the page alone: serves `dist/web` under a strict policy, speaks `/dashboard`, and does with its
 * devices exactly what a test says. Everything asked of it is kept for the test to read.
 */
import { createServer } from "node:http";
import { Server } from "socket.io";
import type {
  Answer,
  DeviceChange,
  HubInfo,
  HubToPage,
  PageToHub,
  Said,
  SetRequest,
} from "#protocol/dashboard-events.ts";
import { wireError } from "#protocol/errors.ts";
import type { Value } from "#protocol/values.ts";
import type { About, DeviceDetail, Link, PropertyState, Wish } from "#protocol/views.ts";
import { createFakeAccess } from "./fake-access.ts";
import type { FakeAccess } from "./fake-access-state.ts";
import { createFakeDials, type FakeDials } from "./fake-dials.ts";
import { createFeed, type Feed, type Heard, type PageSocket } from "./fake-feed.ts";
import { servePage } from "./serve-page.ts";

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
  detail: DeviceDetail;
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
  /** What the hub says of itself, otherwise than usual; told to pages that connect after. */
  info: Partial<HubInfo>;
  readonly dials: FakeDials;
  /** People, tokens, pairing; everybody is let in until a test locks it. */
  readonly access: FakeAccess;
  /** Answers to `rename`, `join`, `remove` and `cancel` with a refusal of this sentence, unless empty. */
  refusal: string;
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
  /** The log, audit or queue of a device, told to the pages that watch it. */
  detail(id: string, detail: Partial<DeviceDetail>): void;
  gone(id: string): void;
  say(said: Partial<Said>): void;
}

export const ABOUT: About = { name: "", model: null, software: null, rooms: [], properties: {}, actions: {} };
const NO_DETAIL: DeviceDetail = { log: [], audit: [], queued: [] };
const NOTHING: PropertyState = { desired: null, reported: null, heldBy: null };

export function createFakeHub(options: FakeHubOptions): FakeHub {
  const devices = new Map<string, FullDevice>();
  const feeds = new Map<string, Feed>();
  const said: Said[] = [];
  const watched = new Map<string, string>();
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
      tcpPort: 5001,
      heartbeatIntervalMs: 10_000,
      degraded: [],
      ...(hub.access.isLocked && { open: null }),
      ...hub.info,
    };
    feed.add({
      hub: info,
      ...hub.access.join(socket, (pairing) => feed.add({ pairing })),
      devices: [...devices.values()].map(({ detail: _, ...d }) => ({ ...d, state: { ...d.state } })),
      said,
      dials: hub.dials.list(),
    });
    hub.dials.listen(socket, (heard) => hub.heard.push(heard));
    socket.on("disconnect", () => {
      feeds.delete(socket.id);
      watched.delete(socket.id);
    });
    listen(socket);
  }

  /** Keeps a wish as slowly as the test says, and counts how many wait. */
  function keep(key: string, kept: () => void): void {
    const open = (unanswered.get(key) ?? 0) + 1;
    unanswered.set(key, open);
    mostUnanswered = Math.max(mostUnanswered, open);
    later(hub.ackAfterMs, () => {
      unanswered.set(key, (unanswered.get(key) ?? 1) - 1);
      kept();
    });
  }

  function tellDetail(id: string): void {
    const { detail } = find(id);
    for (const [page, device] of watched) if (device === id) feeds.get(page)?.add({ devices: [{ id, detail }] });
  }

  function changeAbout(id: string, part: Partial<About>): void {
    const device = find(id);
    device.about = { ...device.about, ...part };
    tell({ id, about: device.about });
  }

  /** Does what was asked unless the test wants it refused. */
  function orRefuse(done: (answer: Answer<object>) => void, work: () => void): void {
    if (hub.refusal === "") work();
    done(hub.refusal === "" ? {} : { error: { code: "BAD_REQUEST", message: hub.refusal } });
  }

  function listenForDevice(socket: PageSocket): void {
    socket.on("watch", (request) => {
      hub.heard.push({ event: "watch", data: request });
      if (request.device === null) watched.delete(socket.id);
      else {
        watched.set(socket.id, request.device);
        tellDetail(request.device);
      }
    });
    socket.on("rename", (request, done) => {
      hub.heard.push({ event: "rename", data: request });
      later(hub.ackAfterMs, () => orRefuse(done, () => changeAbout(request.device, { name: request.name })));
    });
    socket.on("join", (request, done) => {
      hub.heard.push({ event: "join", data: request });
      const others = find(request.device).about.rooms.filter((room) => room !== request.room);
      const rooms = request.member ? [...others, request.room] : others;
      orRefuse(done, () => changeAbout(request.device, { rooms }));
    });
    socket.on("remove", (request, done) => {
      hub.heard.push({ event: "remove", data: request });
      orRefuse(done, () => hub.gone(request.device));
    });
    socket.on("cancel", (request, done) => {
      hub.heard.push({ event: "cancel", data: request });
      const queued = find(request.device).detail.queued.filter(({ id }) => id !== request.id);
      orRefuse(done, () => hub.detail(request.device, { queued }));
    });
    socket.on("setRoom", (request, done) => {
      hub.heard.push({ event: "setRoom", data: request });
      const { room, property, value } = request;
      keep(`${socket.id} room:${room} ${property}`, () => {
        const members = [...devices.values()].filter(
          ({ about }) => about.rooms.includes(room) && about.properties[property] !== undefined,
        );
        for (const { id } of members) pass({ device: id, property, value });
        done({ devices: members.length });
      });
    });
  }

  function listen(socket: PageSocket): void {
    listenForDevice(socket);
    socket.on("set", (request, done) => {
      hub.heard.push({ event: "set", data: request });
      keep(`${socket.id} ${request.device} ${request.property}`, () => {
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
      const device = find(request.device);
      if (device.link.presence === "offline" && request.expiresMs !== undefined) {
        const { action: name, input = null, expiresMs } = request;
        const at = Date.now();
        const one = { id: `queued-${seq++}`, name, input, by: "page", at, expiresAt: at + expiresMs };
        hub.detail(request.device, { queued: [one, ...device.detail.queued] });
        return done({ queued: one.id });
      }
      const unknown = request.action !== "identify" && device.about.actions[request.action] === undefined;
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
    info: {},
    dials: createFakeDials((dials) => {
      for (const feed of feeds.values()) feed.add({ dials });
    }),
    access: createFakeAccess(),
    refusal: "",
    async start() {
      const http = createServer((request, response) => void servePage(options.webDir, hub.access, request, response));
      const io = new Server<PageToHub, HubToPage>(http, { serveClient: false });
      io.of("/dashboard").use(hub.access.guard).on("connection", welcome);
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
      const told = { id, about: { ...ABOUT, name: id, ...about }, link: { ...onlineLink(), ...link }, state: {} };
      devices.set(id, { ...told, detail: NO_DETAIL });
      tell(told);
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
    detail(id, part) {
      const device = find(id);
      device.detail = { ...device.detail, ...part };
      tellDetail(id);
    },
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
    roundTripMs: null,
    uptime: { hour: null, day: null, week: null },
  };
}
