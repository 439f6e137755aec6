/** A device as pages and REST show it (protocol 7.1, `/dashboard`). Types only: the page ships no validator. */
import type { Vitals } from "./device-events.ts";
import type { WireError } from "./errors.ts";
import type { Action, Property, Value, Values } from "./values.ts";

export type Presence = "online" | "late" | "offline";
/** Why presence changed last (protocol 6.2). */
export type PresenceReason = "connected" | "reconnected" | "closed" | "silent" | "replaced" | "shutdown";
export type Door = "socket.io" | "websocket" | "tcp" | "dial" | "http";

/** What the device is: changes with `hello` and by hand. */
export interface About {
  readonly name: string;
  readonly model: string | null;
  readonly software: string | null;
  readonly rooms: readonly string[];
  readonly properties: { readonly [name: string]: Property };
  readonly actions: { readonly [name: string]: Action };
}

/** How the device is: changes with its connection and its heartbeats. Times in ms since the epoch. */
export interface Link {
  readonly presence: Presence;
  readonly reason: PresenceReason;
  /** When presence changed last. */
  readonly since: number;
  readonly lastSeen: number;
  readonly door: Door;
  readonly address: string;
  /** The device's own beat, ms; null while unknown. */
  readonly beatMs: number | null;
  /** The last heartbeats, oldest first. */
  readonly beats: readonly number[];
  readonly vitals: Vitals;
  /** Round trip of the hub's last ping to the device, ms; null before the first. */
  readonly roundTripMs: number | null;
  readonly uptime: Uptime;
}

/** Parts of the time, 0 to 1, in which the device was not offline; null when the hub knows nothing of that time (protocol 6.2). */
export interface Uptime {
  readonly hour: number | null;
  readonly day: number | null;
  readonly week: number | null;
}

/** A change of presence, kept with its reason. */
export interface PresenceEntry {
  readonly at: number;
  readonly presence: Presence;
  readonly reason: PresenceReason;
}

/** Who asked what of a device, when, and what became of it. */
export interface AuditEntry {
  readonly at: number;
  /** `page`, `rest`, `device`, `text`. */
  readonly by: string;
  /** `set brightness`, `action identify`, `rename`, `join bench`, `remove`. */
  readonly what: string;
  /** The value or input, as JSON text, shortened. */
  readonly value: string;
  /** `applied`, `failed: …`, `waiting`, `superseded`, `done`, `queued`, `cancelled`, `expired`. */
  readonly result: string;
}

/** An action that waits for its device (protocol 6.5). */
export interface QueuedAction {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly by: string;
  readonly at: number;
  readonly expiresAt: number;
}

/** What only the room of one device shows; newest first. */
export interface DeviceDetail {
  readonly log: readonly PresenceEntry[];
  readonly audit: readonly AuditEntry[];
  readonly queued: readonly QueuedAction[];
}

/** What was last asked of a property, and what became of it. */
export interface Wish {
  readonly value: Value;
  /** Who asked: `page`, `rest`, `device`. */
  readonly by: string;
  readonly at: number;
  /** `waiting` for the device to return, `sent` and unanswered, `applied`, or `failed`. */
  readonly status: "waiting" | "sent" | "applied" | "failed";
  readonly error?: WireError;
}

/** One property's value: as asked, as the device said it. */
export interface PropertyState {
  readonly desired: Wish | null;
  /** `at` is the hub's time of arrival; `deviceTime` the device's own. */
  readonly reported: { readonly value: Value; readonly at: number; readonly deviceTime?: number } | null;
  /** The page whose hand is on it now, by its socket id. */
  readonly heldBy: string | null;
}

/** The whole device, flat, as `GET /api/devices/ID` answers it (protocol 7.1). */
export interface DeviceView extends About, Link {
  readonly id: string;
  readonly desired: Values;
  readonly reported: Values;
  readonly state: { readonly [property: string]: PropertyState };
}
