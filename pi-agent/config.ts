/** Every option of the agent, its name, unit and default (protocol 1.4). */
import { hostname } from "node:os";
import * as z from "zod";
import { idOfHost } from "#base/host-id.ts";
import { flag, parsed, port, whole } from "#base/option-schemas.ts";
import { type OptionValues, option } from "#base/options.ts";
import { deviceId, roomName } from "#protocol/names.ts";
import { DRIVER_CHOICES } from "./drivers/driver.ts";
import { parseOnDisconnect, parseRestore } from "./policies.ts";
import { inputs, outputs, pin, powers, switches } from "./wiring.ts";

function webAddress(text: string): string | null {
  const address = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  return URL.canParse(address) && /^https?:/i.test(address) ? new URL(address).origin : null;
}

export const AGENT_OPTIONS = {
  hub: option({
    schema: parsed(webAddress, "must be the address of a hub, as http://192.168.1.5:5000"),
    default: "http://localhost:5000",
    value: "URL",
    help: "address of the hub",
  }),
  id: option({ schema: deviceId, default: idOfHost(hostname()), value: "ID", help: "device id, unique on the hub" }),
  name: option({
    schema: z.string().trim().min(1).max(64).nullable(),
    default: null,
    value: "TEXT",
    help: "name shown on the page; the id if not given",
  }),
  rooms: option({
    schema: z.array(roomName).max(16),
    default: [],
    value: "ROOM",
    many: true,
    help: "room to be in; may be repeated",
  }),
  token: option({
    schema: z.string().min(1).nullable(),
    default: null,
    value: "TOKEN",
    help: "the device's token, where the hub asks for one",
  }),
  pin: option({
    schema: pin.nullable(),
    default: null,
    value: "GPIO",
    help: "GPIO of the light `brightness` (21 where no other output is named)",
  }),
  outputs: option({
    schema: outputs,
    default: [],
    value: "NAME=GPIO",
    many: true,
    help: "a light, a property with its own name; may be repeated, or be JSON",
  }),
  switches: option({
    schema: switches,
    default: [],
    value: "NAME=GPIO",
    many: true,
    help: "something that is on or off, as a relay; may be repeated, or be JSON",
  }),
  inputs: option({
    schema: inputs,
    default: [],
    value: "NAME=GPIO",
    many: true,
    help: "a button between the pin and ground; may be repeated, or be JSON",
  }),
  hardwarePwm: option({
    schema: flag,
    default: false,
    help: "pulses of the chip's own PWM for the lights, on GPIO12, 13, 18, 19 with the driver kernel",
  }),
  driver: option({
    schema: z.enum(DRIVER_CHOICES, { error: "must be auto, kernel, pigpiod, pigpio or simulated" }),
    default: "auto",
    value: "DRIVER",
    help: "auto, kernel, pigpiod, pigpio, or simulated for no real light",
  }),
  pigpiodHost: option({
    schema: z.string().min(1),
    default: "localhost",
    value: "HOST",
    env: ["PIGPIO_ADDR"],
    help: "where pigpiod runs",
  }),
  pigpiodPort: option({
    schema: port(1),
    default: 8888,
    value: "PORT",
    env: ["PIGPIO_PORT"],
    help: "port of pigpiod",
  }),
  transitionMs: option({
    schema: whole(0, 3_600_000, "ms"),
    default: 0,
    value: "MS",
    help: "length of a fade when a set names none",
  }),
  minPower: option({ schema: powers.minPower, default: 0, value: "PERCENT", help: "power of the smallest brightness" }),
  maxPower: option({ schema: powers.maxPower, default: 100, value: "PERCENT", help: "power of brightness 100" }),
  restore: option({
    schema: parsed(parseRestore, "must be last, off or a brightness from 0 to 100"),
    default: "last",
    value: "HOW",
    help: "brightness after a start: last, off, or 0 to 100",
  }),
  onDisconnect: option({
    schema: parsed(parseOnDisconnect, "must be hold, fade-off, fade-off@SECONDS or LEVEL@SECONDS"),
    default: "hold",
    value: "HOW",
    help: "while the hub is gone: hold, fade-off[@SECONDS] or LEVEL@SECONDS",
  }),
  heartbeatInterval: option({
    schema: whole(500, 3_600_000, "ms"),
    default: 5_000,
    value: "MS",
    help: "time between heartbeats",
  }),
  sensorInterval: option({
    schema: whole(0, 3_600_000, "ms"),
    default: 10_000,
    value: "MS",
    help: "time between reports of CPU temperature, throttling and memory; 0 for none",
  }),
  dataDir: option({
    schema: z.string().min(1),
    default: "data",
    value: "DIR",
    help: "folder for what lasts: what was asked last, and reports that the hub has not taken yet",
  }),
  jsonLogs: option({ schema: flag, default: false, help: "log JSON lines for machines" }),
  config: option({
    schema: z.string().nullable(),
    default: null,
    value: "FILE",
    help: "JSON file with any of these options",
  }),
};

export type AgentConfig = OptionValues<typeof AGENT_OPTIONS>;
