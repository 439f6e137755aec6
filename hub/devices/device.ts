/** One device as the hub knows it: what it is, how it is, what was asked of it and what it said. Changed by `flow.ts` only. */
import type { Hello, Vitals } from "#protocol/device-events.ts";
import type { Action, Property, Value, Values } from "#protocol/values.ts";
import type { About, DeviceView, Door, Link, Presence, PresenceReason, PropertyState, Wish } from "#protocol/views.ts";
import type { Connection } from "./connection.ts";
import type { Setter } from "./setter.ts";

interface MutableState {
  desired: Wish | null;
  reported: { value: Value; at: number; deviceTime?: number } | null;
  heldBy: string | null;
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

  constructor(id: string, setter: Setter, now: number) {
    this.id = id;
    this.setter = setter;
    this.since = now;
    this.lastSeen = now;
  }

  /** The property's state, made on first use. */
  stateOf(property: string): MutableState {
    let state = this.state.get(property);
    if (state === undefined) {
      state = { desired: null, reported: null, heldBy: null };
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
    return { presence, reason, since, lastSeen, door, address, beatMs, beats: [...this.beats], vitals };
  }

  /** The state of one property as pages see it, or null when nothing is known of it. */
  propertyState(property: string): PropertyState | null {
    const state = this.state.get(property);
    return state === undefined ? null : { ...state };
  }

  view(): DeviceView {
    const state = Object.fromEntries([...this.state].map(([name, s]) => [name, { ...s }]));
    return { id: this.id, ...this.about(), ...this.link(), desired: this.desired(), reported: this.reported(), state };
  }
}
