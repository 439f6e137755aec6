/** What a device may tell the hub, on `/devices` and at every plain door (protocol section 4). */
import * as z from "zod";
import { deviceId, propertyName, roomName } from "./names.ts";
import { action, property, type Values, values } from "./values.ts";

const MAX_ROOMS = 16;
const MAX_TEXT = 65_536;
const MAX_BATCH = 1_000;

const properties = z.record(propertyName, property).refine((p) => Object.keys(p).length <= 64, "at most 64 properties");
const actions = z.record(propertyName, action).refine((a) => Object.keys(a).length <= 32, "at most 32 actions");

/** Signs of health that ride on a heartbeat: dBm, free bytes, seconds, volts, °C (protocol 4.2). */
export const vitals = z.object({
  rssi: z.number().optional(),
  memory: z.number().optional(),
  uptime: z.number().optional(),
  voltage: z.number().optional(),
  temperature: z.number().optional(),
});
export type Vitals = z.infer<typeof vitals>;

/** Who the device is and what it can do (protocol 4.1). `heartbeat` in seconds. */
export const hello = z.object({
  id: deviceId.optional(),
  name: z.string().trim().min(1).max(64).optional(),
  model: z.string().max(128).optional(),
  software: z.string().max(128).optional(),
  heartbeat: z.number().positive().max(86_400).optional(),
  sleeps: z.boolean().optional(),
  rooms: z.array(roomName).max(MAX_ROOMS).optional(),
  maxFrame: z.number().int().min(256).max(1_048_576).optional(),
  properties: properties.optional(),
  actions: actions.optional(),
  state: values.optional(),
  adopt: z.boolean().optional(),
});
export type Hello = z.infer<typeof hello>;

/** A batch for backfill, oldest first: `[[time, {property: value, …}], …]`. */
export const reports = z.array(z.tuple([z.number(), values])).max(MAX_BATCH);
export type Reports = ReadonlyArray<readonly [number, Values]>;

const text = z.string().max(MAX_TEXT);

/** Event name → schema of its data. The keys are all that the hub takes from a device. */
export const DEVICE_EVENTS = {
  hello,
  heartbeat: vitals.nullish().transform((v): Vitals => v ?? {}),
  report: values,
  reports,
  log: z.object({ level: z.enum(["debug", "info", "warn", "error"]).default("info"), text: z.string().max(4096) }),
  message: z.union([text, z.object({ room: roomName, text })]),
  join: roomName,
  leave: roomName,
} as const;

export type DeviceEvent = keyof typeof DEVICE_EVENTS;
/** The parsed data of a device event. */
export type DeviceEventData<E extends DeviceEvent> = z.output<(typeof DEVICE_EVENTS)[E]>;

export function isDeviceEvent(event: string): event is DeviceEvent {
  return Object.hasOwn(DEVICE_EVENTS, event);
}
