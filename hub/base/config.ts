/** Every option of the hub, its name, unit and default (protocol 1.4, 1.5). */
import * as z from "zod";
import { flag, parsed, port, whole } from "#base/option-schemas.ts";
import { type OptionValues, option } from "#base/options.ts";
import { type DialTarget, parseDialUrl } from "#protocol/dials.ts";
import { isId } from "#protocol/names.ts";

const names = z.array(z.string().min(1));

/** Where TCP devices look for a hub, unless it says otherwise (protocol 2.4). */
export const DEFAULT_TCP_PORT = 5001;

const DAY_MS = 86_400_000;

/** Ms, or a number with its unit: `7d`. */
function readDuration(text: string): number | null {
  const [, number, unit = "ms"] = /^(\d+)(ms|s|min|h|d)?$/.exec(text.trim()) ?? [];
  if (number === undefined) return null;
  const ms = Number(number) * ({ ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: DAY_MS }[unit] ?? 1);
  return ms >= 60_000 && ms <= 100 * 366 * DAY_MS ? ms : null;
}

/** How long something of the history is kept. */
function kept(days: number, what: string) {
  return option({
    schema: parsed(readDuration, "must be ms, or a number with s, min, h or d like 7d, from a minute to 100 years"),
    default: days * DAY_MS,
    value: "MS",
    help: `${what}, in ms or like ${days}d`,
  });
}

/** A device and its token: `ID=TOKEN`. */
function readDeviceToken(text: string): { readonly device: string; readonly token: string } | null {
  const [, device = "", token = ""] = /^([^=]+)=(\S{16,512})$/.exec(text) ?? [];
  return isId(device) ? { device, token } : null;
}

/** A device to dial. */
function readDial(text: string): DialTarget | null {
  const target = parseDialUrl(text);
  return target !== null && isId(target.id) ? target : null;
}

export const HUB_OPTIONS = {
  host: option({
    schema: z.string().min(1),
    default: "::",
    value: "ADDRESS",
    env: ["BIND_ADDRESS"],
    help: "address to listen on",
  }),
  port: option({
    schema: port(),
    default: 5000,
    value: "PORT",
    env: ["BIND_PORT"],
    help: "port to listen on, 0 for a free one",
  }),
  tcpPort: option<number | "auto" | null>({
    schema: z.union([z.literal("auto"), port()], { error: "must be a port from 0 to 65535, or auto" }),
    default: null,
    value: "PORT",
    help: "port for devices that speak plain TCP, 0 for none, `auto` for a free one (default 5001 if it is free)",
  }),
  dial: option({
    schema: z
      .array(parsed(readDial, "must be tcp://HOST:PORT?id=ID, for a terminal with &mode=stream"))
      .refine((dials) => new Set(dials.map(({ id }) => id)).size === dials.length, "two devices have the same id"),
    default: [],
    value: "URL",
    many: true,
    help: "device that is a TCP server, to connect to: tcp://HOST:PORT?id=ID",
  }),
  heartbeatInterval: option({
    schema: whole(100, 3_600_000, "ms"),
    default: 10_000,
    value: "MS",
    env: ["HEARTBEAT_INTERVAL"],
    help: "time between pings of a connection",
  }),
  heartbeatTimeout: option({
    schema: whole(100, 3_600_000, "ms"),
    default: 10_000,
    value: "MS",
    env: ["HEARTBEAT_TIMEOUT"],
    help: "time to wait for an answer to a ping",
  }),
  highWaterMark: option({
    schema: whole(1, 1_073_741_824, "bytes"),
    default: 16_384,
    value: "BYTES",
    env: ["HIGH_WATER_MARK"],
    help: "unsent bytes above which a connection counts as busy",
  }),
  maxMessageSize: option({
    schema: whole(256, 16_777_216, "bytes"),
    default: 65_536,
    value: "BYTES",
    env: ["MAX_MESSAGE_SIZE"],
    help: "largest message a client may send",
  }),
  open: option({
    schema: z.enum(["none", "loopback", "lan"], { error: "must be none, loopback or lan" }),
    default: "none",
    value: "lan",
    bare: "loopback",
    help: "who may use the hub without signing in: nobody, this computer, or with `lan` everyone who can reach it",
  }),
  deviceToken: option({
    schema: z.array(parsed(readDeviceToken, "must be ID=TOKEN, with a token of at least 16 characters")),
    default: [],
    value: "ID=TOKEN",
    many: true,
    help: "a device and its token, beside those made on the page; better in PHAROS_DEVICE_TOKEN or the config file, which others cannot see",
  }),
  tlsCert: option({
    schema: z.string(),
    default: "",
    value: "FILE",
    help: "certificate chain in PEM: page, REST and doors by TLS (https, wss)",
  }),
  tlsKey: option({ schema: z.string(), default: "", value: "FILE", help: "the certificate's private key in PEM" }),
  devicePort: option<number | "auto">({
    schema: z.union([z.literal("auto"), port()], { error: "must be a port from 0 to 65535, or auto" }),
    default: 0,
    value: "PORT",
    help: "a second port, without TLS, for devices alone: an ESP32 with Espruino knows no wss; 0 for none",
  }),
  trustProxy: option({
    schema: flag,
    default: false,
    help: "believe X-Forwarded-For, -Host and -Proto: only behind a proxy that sets them itself",
  }),
  dataDir: option({
    schema: z.string().min(1),
    default: "data",
    value: "DIR",
    help: "folder for everything that lasts",
  }),
  historyRawMs: kept(7, "how long every sample is kept; those of recordings for good"),
  historyTenSecondsMs: kept(31, "how long the history is kept in steps of 10 s"),
  historyMinutesMs: kept(366, "how long the history is kept in steps of a minute"),
  historyHoursMs: kept(3_653, "how long the history is kept in steps of an hour"),
  historyCapBytes: option({
    schema: whole(16_777_216, 1_099_511_627_776, "bytes"),
    default: 4_294_967_296,
    value: "BYTES",
    help: "most that the history takes on the disk, but for recordings; then the oldest goes",
  }),
  duplicate: option({
    schema: z.enum(["ask", "takeover", "refuse"], { error: "must be ask, takeover or refuse" }),
    default: "ask",
    value: "POLICY",
    help: "when a second device comes with the same id: ask the first if it lives, takeover, or refuse",
  }),
  allowOrigin: option({
    schema: names,
    default: [],
    value: "ORIGIN",
    many: true,
    help: "web origin that may connect besides the hub's own",
  }),
  allowHost: option({
    schema: names,
    default: [],
    value: "NAME",
    many: true,
    help: "host name by which clients may call this hub",
  }),
  strikes: option({
    schema: whole(1, 1_000_000, "frames"),
    default: 20,
    value: "N",
    help: "faulty frames in a minute before a connection is closed",
  }),
  ledDevice: option({
    schema: z.string().refine((id) => id === "" || isId(id), "must be the id of a device"),
    default: "",
    value: "ID",
    help: "device whose brightness the course page drives (default: the first that has it)",
  }),
  limits: option({ schema: flag, default: true, help: "rate limits; lift them with --no-limits for a benchmark" }),
  deviceFrames: option({
    schema: whole(1, 1_000_000, "frames a second"),
    default: 600,
    value: "N",
    help: "frames a second that one device may send, and three times as many at once; beyond it the newest values count",
  }),
  deviceBytes: option({
    schema: whole(1_024, 1_073_741_824, "bytes a second"),
    default: 1_048_576,
    value: "BYTES",
    help: "bytes a second that one device may send",
  }),
  maxConnections: option({
    schema: whole(1, 1_000_000, "connections"),
    default: 25_000,
    value: "N",
    help: "most connections at once",
  }),
  connectionsPerAddress: option({
    schema: whole(1, 1_000_000, "connections"),
    default: 2_000,
    value: "N",
    help: "most connections at once from one address",
  }),
  maxDevices: option({
    schema: whole(1, 1_000_000, "devices"),
    default: 20_000,
    value: "N",
    help: "most devices the hub keeps in mind",
  }),
  maxQueuedBytes: option({
    schema: whole(1024, 1_073_741_824, "bytes"),
    default: 1_048_576,
    value: "BYTES",
    help: "unsent bytes at which a connection that does not read is closed",
  }),
  jsonLogs: option({ schema: flag, default: false, help: "log one JSON object a line" }),
  config: option({
    schema: z.string(),
    default: "",
    value: "FILE",
    help: "JSON file with options by their camelCase names",
  }),
} as const;

/** The hub's configuration: frozen, complete, checked. */
export type HubConfig = OptionValues<typeof HUB_OPTIONS>;
