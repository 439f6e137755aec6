/** What the page knows: a signal for each part that can change by itself, filled from the hub's updates. */
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { PairingView } from "#protocol/access.ts";
import type { DeviceChange, HubInfo, Said, Update } from "#protocol/dashboard-events.ts";
import type { DialView } from "#protocol/dials.ts";
import type { AcquisitionView } from "#protocol/recordings.ts";
import type { About, DeviceDetail, Link, PropertyState } from "#protocol/views.ts";
import type { DeviceModel, PropertyModel } from "./device-model.ts";
import type { Knob } from "./knob.ts";
import { appendSaid, mergeUpdate, type Pending } from "./merge.ts";
import { groupDevices, type RoomGroup } from "./order.ts";
import { createTrends } from "./trend.ts";

export type MakeKnob = (device: string, property: string, state: Signal<PropertyState>) => Knob;

export interface Store {
  readonly hub: ReadonlySignal<HubInfo | null>;
  readonly devices: ReadonlySignal<ReadonlyMap<string, DeviceModel>>;
  readonly groups: ReadonlySignal<readonly RoomGroup[]>;
  /** Newest last, at most `MAX_SAID`. */
  readonly said: ReadonlySignal<readonly Said[]>;
  /** Devices that the hub calls, by id. */
  readonly dials: ReadonlySignal<readonly DialView[]>;
  /** Who waits to be let in, as admins are told. */
  readonly pairing: ReadonlySignal<PairingView>;
  /** Whether the hub records; the same on every page. */
  readonly acquisition: ReadonlySignal<AcquisitionView>;
  /** Hub's clock minus this machine's, ms. */
  readonly clockOffset: ReadonlySignal<number>;
  /** Takes an update in; it shows after the next `flush`. */
  take(update: Update): void;
  /** Applies what was taken since the last call. */
  flush(): void;
  /** Forgets everything: it is not for who comes next. */
  forget(): void;
  /** The link is back: values that wait for it may go. */
  reopened(): void;
}

const NOTHING: PropertyState = { desired: null, reported: null, heldBy: null };
const NO_ACQUISITION: AcquisitionView = { running: [], revision: 0 };
const NO_PAIRING: PairingView = { until: null, pending: [] };
const NO_ABOUT: About = { name: "", model: null, software: null, rooms: [], properties: {}, actions: {} };
const NO_LINK: Link = {
  presence: "offline",
  reason: "closed",
  since: 0,
  lastSeen: 0,
  door: "websocket",
  address: "",
  beatMs: null,
  beats: [],
  vitals: {},
  roundTripMs: null,
  uptime: { hour: null, day: null, week: null },
};

interface KnownProperty extends PropertyModel {
  readonly state: Signal<PropertyState>;
}

interface KnownDevice extends DeviceModel {
  readonly known: Signal<readonly string[]>;
  readonly properties: Map<string, KnownProperty>;
  property(name: string): KnownProperty;
}

/** @param now this machine's clock, ms */
export function createStore(makeKnob: MakeKnob, now: () => number): Store {
  const hub = signal<HubInfo | null>(null);
  const devices = signal<ReadonlyMap<string, KnownDevice>>(new Map());
  const said = signal<readonly Said[]>([]);
  const dials = signal<readonly DialView[]>([]);
  const pairing = signal(NO_PAIRING);
  const acquisition = signal(NO_ACQUISITION);
  const clockOffset = signal(0);
  let pending: Pending | null = null;

  function apply(news: Pending): void {
    const startOver = news.hub !== null;
    if (startOver) hub.value = news.hub;
    devices.value = updateMembers(devices.peek(), news, makeKnob);
    for (const change of news.devices.values()) {
      const device = devices.peek().get(change.id);
      if (device !== undefined) applyChange(device, change, startOver);
    }
    said.value = appendSaid(startOver ? [] : said.peek(), news.said);
    if (startOver || news.dials !== null) dials.value = news.dials ?? [];
    if (startOver || news.pairing !== null) pairing.value = news.pairing ?? NO_PAIRING;
    if (startOver || news.acquisition !== null) acquisition.value = news.acquisition ?? NO_ACQUISITION;
    clockOffset.value = steadyOffset(startOver ? null : clockOffset.peek(), news.now - now());
  }

  return {
    hub,
    devices,
    said,
    dials,
    pairing,
    acquisition,
    clockOffset,
    groups: computed(() => groupDevices(devices.value)),
    take: (update) => {
      pending = mergeUpdate(pending, update);
    },
    flush() {
      if (pending === null) return;
      const news = pending;
      pending = null;
      batch(() => apply(news));
    },
    forget() {
      pending = null;
      batch(() => {
        hub.value = null;
        devices.value = new Map();
        said.value = [];
        dials.value = [];
        pairing.value = NO_PAIRING;
        acquisition.value = NO_ACQUISITION;
      });
    },
    reopened() {
      for (const device of devices.peek().values()) {
        for (const property of device.properties.values()) property.knob.reopened();
      }
    },
  };
}

/** The map with devices that came and without those that went; the same map when neither happened. */
function updateMembers(before: ReadonlyMap<string, KnownDevice>, news: Pending, makeKnob: MakeKnob) {
  const stays = (id: string): boolean => (news.hub === null ? !news.gone.has(id) : news.devices.has(id));
  const left = [...before.keys()].filter((id) => !stays(id));
  const came = [...news.devices.keys()].filter((id) => !before.has(id) || news.gone.has(id));
  if (left.length === 0 && came.length === 0) return before;
  const after = new Map(before);
  for (const id of left) after.delete(id);
  for (const id of came) after.set(id, createDevice(id, makeKnob));
  return after;
}

function createDevice(id: string, makeKnob: MakeKnob): KnownDevice {
  const about = signal<About>({ ...NO_ABOUT, name: id });
  const known = signal<readonly string[]>([]);
  const properties = new Map<string, KnownProperty>();
  return {
    id,
    about,
    link: signal<Link>(NO_LINK),
    detail: signal<DeviceDetail | null>(null),
    known,
    properties,
    names: computed(() => [...new Set([...Object.keys(about.value.properties), ...known.value])]),
    property(name) {
      const found = properties.get(name);
      if (found !== undefined) return found;
      const state = signal(NOTHING);
      const made = { device: id, name, state, trends: createTrends(), knob: makeKnob(id, name, state) };
      properties.set(name, made);
      return made;
    },
  };
}

function applyChange(device: KnownDevice, change: DeviceChange, startOver: boolean): void {
  if (change.about !== undefined) device.about.value = change.about;
  if (change.link !== undefined) device.link.value = change.link;
  if (change.detail !== undefined || startOver) device.detail.value = change.detail ?? null;
  const states = Object.entries(change.state ?? {});
  for (const [name, state] of states) applyState(device.property(name), state);
  const known = device.known.peek();
  const unknown = states.map(([name]) => name).filter((name) => !known.includes(name));
  if (unknown.length > 0) device.known.value = [...known, ...unknown];
  if (!startOver) return;
  for (const [name, property] of device.properties)
    if (change.state?.[name] === undefined) applyState(property, NOTHING);
}

function applyState(property: KnownProperty, state: PropertyState): void {
  property.state.value = state;
  if (state.reported !== null) property.trends.add(state.reported.value, state.reported.at);
  property.knob.told();
}

/** The least delayed reading wins, since a delay only ever makes the hub's clock look behind; a jump is believed. */
function steadyOffset(before: number | null, measured: number): number {
  if (before === null || Math.abs(measured - before) > 2000) return measured;
  return Math.max(before, measured);
}
