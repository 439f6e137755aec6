/** One device as the hub knows it: what it is, how it is, what was asked of it and what it said. Changed by `flow.ts` only. */
import type { Hello, Vitals } from "#protocol/device-events.ts";
import { isCounter } from "#protocol/time.ts";
import { type Action, type Property, sameValue, type Value, type Values } from "#protocol/values.ts";
import type {
  About,
  DeviceDetail,
  DeviceView,
  Door,
  Link,
  Presence,
  PresenceEntry,
  PresenceReason,
  PropertyState,
  QueuedAction,
  Wish,
} from "#protocol/views.ts";
import type { AuditTrail } from "./audit-trail.ts";
import type { Connection } from "./connection.ts";
import { DeviceClock } from "./device-clock.ts";
import { ABSENT, type PresenceState } from "./presence.ts";
import type { Setter } from "./setter.ts";
import type { LoadedDevice, StoredDevice } from "./store.ts";
import type { UptimeMeter } from "./uptime.ts";

interface MutableState {
  desired: Wish | null;
  reported: { value: Value; at: number; deviceTime?: number } | null;
  /** Pages with a hand on it, the newest last. */
  holders: readonly string[];
}

export class Device {
  readonly id: string;
  readonly setter: Setter;
  connection: Connection | null = null;
  /** Whether the id was made by the hub: such a device is shown while it is here, and never stored (protocol 1.1). */
  hubGiven = false;
  name: string | null = null;
  /** A name given on the page wins over a later `hello` (protocol 4.1). */
  namedByHand = false;
  model: string | null = null;
  software: string | null = null;
  rooms = new Set<string>();
  roomsByHand = false;
  properties = new Map<string, Property>();
  actions = new Map<string, Action>();
  readonly state = new Map<string, MutableState>();
  presence: Presence = "offline";
  reason: PresenceReason = "closed";
  since: number;
  lastSeen: number;
  door: Door = "websocket";
  address = "";
  beatMs: number | null = null;
  beats: number[] = [];
  vitals: Vitals = {};
  /** Least (arrival − time) seen on this connection: what maps the device's own counter to hub time (protocol 1.2). */
  counterOffset: number | null = null;
  /** What is known of its clock, where it has one; also while it is away. */
  readonly clock = new DeviceClock();

  /** Who asked what, last. */
  readonly audit: AuditTrail;
  /** Actions that wait for its return, oldest first, by their id. */
  readonly queued = new Map<string, QueuedAction>();
  /** Changes of presence, oldest first. */
  log: PresenceEntry[] = [];
  readonly #meter: UptimeMeter;
  pulse: PresenceState = ABSENT;

  constructor(id: string, setter: Setter, audit: AuditTrail, meter: UptimeMeter, now: number) {
    this.id = id;
    this.setter = setter;
    this.audit = audit;
    this.#meter = meter;
    this.since = now;
    this.lastSeen = now;
  }

  /** Takes up what was kept of it. What it was asked and has not confirmed waits for its return. */
  takeUp(stored: LoadedDevice): void {
    const { name, namedByHand, model, software, rooms, roomsByHand, properties, actions, beatMs, lastSeen } = stored;
    Object.assign(this, { name, namedByHand, model, software, roomsByHand, beatMs, lastSeen });
    this.rooms = new Set(rooms);
    this.properties = new Map(Object.entries(properties));
    this.actions = new Map(Object.entries(actions));
    for (const [property, reported] of stored.reported) this.stateOf(property).reported = { ...reported };
    this.#recallClock();
    for (const [property, desired] of stored.desired) {
      const isApplied = sameValue(this.stateOf(property).reported?.value, desired.value);
      this.stateOf(property).desired = { ...desired, status: isApplied ? "applied" : "waiting" };
    }
    for (const action of stored.queued) this.queued.set(action.id, action);
    this.audit.load(stored.audit);
    this.log = [...stored.log];
  }

  #recallClock(): void {
    let last: { readonly at: number; readonly deviceTime: number } | null = null;
    for (const { reported } of this.state.values()) {
      if (reported?.deviceTime === undefined || isCounter(reported.deviceTime)) continue;
      if (last === null || reported.at > last.at) last = { at: reported.at, deviceTime: reported.deviceTime };
    }
    if (last !== null) this.clock.recall(last.deviceTime, last.at);
  }

  /** The property's state, made on first use. */
  stateOf(property: string): MutableState {
    let state = this.state.get(property);
    if (state === undefined) {
      state = { desired: null, reported: null, holders: [] };
      this.state.set(property, state);
    }
    return state;
  }

  /** Takes what `hello` says of the device; what was given by hand stays. */
  introduce(hello: Hello): void {
    if (hello.name !== undefined && !this.namedByHand) this.name = hello.name;
    if (hello.rooms !== undefined && !this.roomsByHand) this.rooms = new Set(hello.rooms);
    this.model = hello.model ?? this.model;
    this.software = hello.software ?? this.software;
    if (hello.properties !== undefined) this.properties = new Map(Object.entries(hello.properties));
    if (hello.actions !== undefined) this.actions = new Map(Object.entries(hello.actions));
    if (hello.heartbeat !== undefined) this.beatMs = hello.heartbeat * 1000;
  }

  /** Whether a person left a mark on it: named it, placed it, or asked something of it. Such a device makes room for no other. */
  get isValued(): boolean {
    const wished = [...this.state.values()].some(({ desired }) => desired !== null && desired.by !== "device");
    return this.namedByHand || this.roomsByHand || this.queued.size > 0 || wished;
  }

  /** Last asked values, by property. */
  desired(): Values {
    const desired: Record<string, Value> = {};
    for (const [name, state] of this.state) if (state.desired !== null) desired[name] = state.desired.value;
    return desired;
  }

  reported(): Values {
    const reported: Record<string, Value> = {};
    for (const [name, state] of this.state) if (state.reported !== null) reported[name] = state.reported.value;
    return reported;
  }

  about(): About {
    return {
      name: this.name ?? this.id,
      model: this.model,
      software: this.software,
      rooms: [...this.rooms].sort(),
      properties: Object.fromEntries(this.properties),
      actions: Object.fromEntries(this.actions),
    };
  }

  link(): Link {
    const { presence, reason, since, lastSeen, door, address, beatMs, vitals } = this;
    const uptime = this.#meter.read(this.log);
    const beats = [...this.beats];
    const roundTripMs = this.connection?.roundTripMs ?? null;
    return { presence, reason, since, lastSeen, door, address, beatMs, beats, vitals, roundTripMs, uptime };
  }

  /** What only its own room on the page shows; newest first. */
  detail(): DeviceDetail {
    return { log: [...this.log].reverse(), audit: this.audit.entries, queued: [...this.queued.values()] };
  }

  /** What lasts of it, without its state. */
  row(): StoredDevice {
    const { id, name, namedByHand, model, software, roomsByHand, beatMs, lastSeen } = this;
    const rooms = [...this.rooms];
    const declared = { properties: Object.fromEntries(this.properties), actions: Object.fromEntries(this.actions) };
    return { id, name, namedByHand, model, software, rooms, roomsByHand, ...declared, beatMs, lastSeen };
  }

  /** The state of one property as pages see it, or null when nothing is known of it. */
  propertyState(property: string): PropertyState | null {
    const state = this.state.get(property);
    return state === undefined ? null : viewState(state);
  }

  view(): DeviceView {
    const state = Object.fromEntries([...this.state].map(([name, s]) => [name, viewState(s)]));
    return { id: this.id, ...this.about(), ...this.link(), desired: this.desired(), reported: this.reported(), state };
  }
}

function viewState({ desired, reported, holders }: MutableState): PropertyState {
  return { desired, reported, heldBy: holders.at(-1) ?? null };
}
