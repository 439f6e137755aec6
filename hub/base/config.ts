/** Every option of the hub, its name, unit and default (protocol 1.4, 1.5). */
import * as z from "zod";
import { type OptionValues, option, toBoolean, toNumber } from "#base/options.ts";

const whole = (minimum: number, maximum: number, unit: string) => {
  const error = `must be a whole number ${unit} from ${minimum} to ${maximum}`;
  return z.preprocess(toNumber, z.number({ error }).int(error).min(minimum, error).max(maximum, error));
};
const flag = z.preprocess(toBoolean, z.boolean({ error: "must be true or false" }));
const names = z.array(z.string().min(1));

export const HUB_OPTIONS = {
  host: option({
    schema: z.string().min(1),
    default: "::",
    value: "ADDRESS",
    env: ["BIND_ADDRESS"],
    help: "address to listen on",
  }),
  port: option({
    schema: whole(0, 65_535, "of a port"),
    default: 5000,
    value: "PORT",
    env: ["BIND_PORT"],
    help: "port to listen on, 0 for a free one",
  }),
  heartbeatInterval: option({
    schema: whole(100, 3_600_000, "of ms"),
    default: 10_000,
    value: "MS",
    env: ["HEARTBEAT_INTERVAL"],
    help: "time between pings of a connection",
  }),
  heartbeatTimeout: option({
    schema: whole(100, 3_600_000, "of ms"),
    default: 10_000,
    value: "MS",
    env: ["HEARTBEAT_TIMEOUT"],
    help: "time to wait for an answer to a ping",
  }),
  highWaterMark: option({
    schema: whole(1, 1_073_741_824, "of bytes"),
    default: 16_384,
    value: "BYTES",
    env: ["HIGH_WATER_MARK"],
    help: "unsent bytes above which a connection counts as busy",
  }),
  maxMessageSize: option({
    schema: whole(256, 16_777_216, "of bytes"),
    default: 65_536,
    value: "BYTES",
    env: ["MAX_MESSAGE_SIZE"],
    help: "largest message a client may send",
  }),
  open: option({
    schema: z.enum(["loopback", "lan"], { error: "must be loopback or lan" }),
    default: "loopback",
    value: "lan",
    bare: "loopback",
    help: "who may use the hub without signing in: this computer, or with `lan` everyone who can reach it",
  }),
  dataDir: option({
    schema: z.string().min(1),
    default: "data",
    value: "DIR",
    help: "folder for everything that lasts",
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
    schema: whole(1, 1_000_000, "of frames"),
    default: 20,
    value: "N",
    help: "faulty frames in a minute before a connection is closed",
  }),
  limits: option({ schema: flag, default: true, help: "rate limits; lift them with --no-limits for a benchmark" }),
  maxDevices: option({
    schema: whole(1, 1_000_000, "of devices"),
    default: 20_000,
    value: "N",
    help: "most devices the hub keeps in mind",
  }),
  maxQueuedBytes: option({
    schema: whole(1024, 1_073_741_824, "of bytes"),
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
