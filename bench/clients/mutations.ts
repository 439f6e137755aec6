/** Frames and requests that nobody should send: valid ones, broken in every way, from a seed. Called by the bench `fuzz` and by its test. */

/** 0 ≤ r < 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const FRAMES: readonly unknown[] = [
  { event: "hello", data: { name: "Lamp", heartbeat: 5, rooms: ["bench"], properties: { n: { type: "number" } } } },
  { event: "hello", data: { id: "other", state: { n: 1 }, adopt: true, maxFrame: 256 }, id: 1 },
  { event: "report", data: { n: 1, accel: { x: 1, y: -2.5 }, on: true }, time: 1_796_000_000_000, id: "a" },
  {
    event: "reports",
    data: [
      [1, { n: 1 }],
      [2, { n: 2 }],
    ],
    id: 7,
  },
  { event: "heartbeat", data: { rssi: -60, memory: 1_000 } },
  { event: "message", data: { room: "bench", text: "hi" } },
  { event: "log", data: { level: "info", text: "x" } },
  { event: "join", data: "bench", id: 2 },
  { event: "leave", data: "bench" },
  { event: "set", data: { n: 1 } },
  { ack: 1, data: { n: 1 } },
  { ack: "1", error: { code: "X", message: "y" } },
  { n: 5, time: 1_796_000_000 },
  "SOS",
  "GET_TIME",
  "GREET_ME",
  "START",
  "HELLO fuzz",
];

/** What stands where something else was meant. */
const STRANGE: readonly unknown[] = [
  null,
  [],
  {},
  "",
  -0,
  1e308,
  -1e308,
  2 ** 53 + 2,
  "\ud800",
  "\u0000",
  "x".repeat(5_000),
  { __proto__: 1, constructor: { prototype: 1 } },
  [[[[[[[[[[[[]]]]]]]]]]]],
  true,
  "NaN",
  { toString: 1, valueOf: null, hasOwnProperty: 1 },
];
const KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "event",
  "data",
  "id",
  "ack",
  "time",
  "",
  "a.b",
  "ä",
];

export class Mutations {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Text of a frame, mostly broken. */
  frame(): string {
    const chosen = this.pick(FRAMES);
    const text = typeof chosen === "string" ? chosen : JSON.stringify(this.#change(chosen, 0));
    return this.#break(this.#nest(text));
  }

  bytes(most: number): Buffer {
    return Buffer.from(Array.from({ length: this.below(most) }, () => this.below(256)));
  }

  /** The head and body of a request, of some path and method, often none. */
  request(): string {
    const path = this.pick([
      "/",
      "/api/devices",
      "/api/devices/%00",
      "/api/history?device=x",
      "/bridge/x",
      "/%",
      "/led",
      "//",
      "/api/session",
    ]);
    const method = this.pick(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW"]);
    const body = this.#random() < 0.5 ? "" : this.frame();
    const length = this.#random() < 0.9 ? Buffer.byteLength(body) : this.below(100);
    const more = this.pick([
      "",
      "Upgrade: websocket\r\nConnection: Upgrade\r\n",
      "Transfer-Encoding: chunked\r\n",
      "X: \u0001\r\n",
      "Cookie: pharos_session=x\r\n",
      "Authorization: Bearer x\r\n",
    ]);
    const head = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n${more}\r\n${body}`;
    return this.#random() < 0.2 ? this.#break(head) : head;
  }

  #change(value: unknown, depth: number): unknown {
    if (this.#random() < 0.08) return this.pick(STRANGE);
    if (Array.isArray(value)) return value.map((item) => this.#change(item, depth + 1));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, item]) => [
      this.#random() < 0.05 ? this.pick(KEYS) : key,
      this.#change(item, depth + 1),
    ]);
    if (this.#random() < 0.1) entries.push([this.pick(KEYS), this.pick(STRANGE)]);
    return Object.fromEntries(entries);
  }

  #nest(text: string): string {
    if (this.#random() > 0.01) return text;
    const depth = this.pick([10, 40, 2_000]);
    return `{"event":"report","data":${'{"a":'.repeat(depth)}1${"}".repeat(depth)}}`;
  }

  #break(text: string): string {
    const roll = this.#random();
    const at = this.below(text.length + 1);
    if (roll < 0.6) return text;
    if (roll < 0.7) return text.slice(0, at);
    if (roll < 0.8) return text.slice(0, at) + String.fromCharCode(this.below(0x1_0000)) + text.slice(at);
    if (roll < 0.9)
      return text.slice(0, at) + this.pick(["}", "{", '"', ",", "\\", "1e999", "\n", "\r\n"]) + text.slice(at);
    return text + text;
  }
}
