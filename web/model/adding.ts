/** Adding a device: what the person has chosen, whether it can be, and whether it has come. Made once, by `main.tsx`. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { PageClock } from "./clock.ts";
import { KINDS, type Kind } from "./kinds.ts";
import type { Store } from "./store.ts";

/** Long enough to flash a board that was ready; after it, something is likely to be wrong. */
const PATIENCE_MS = 60_000;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MAX_SSID = 32;
const MAX_PASSWORD = 63;

/** Why a device cannot have an id. */
export type IdFault = "empty" | "form" | "taken";

export interface Adding {
  readonly isOpen: ReadonlySignal<boolean>;
  readonly kind: Signal<Kind>;
  /** The kind was given when it was opened. */
  readonly isPicked: ReadonlySignal<boolean>;
  readonly id: ReadonlySignal<string>;
  readonly fault: ReadonlySignal<IdFault | null>;
  /** The id under which it will come: simulated devices are numbered once more. */
  readonly device: ReadonlySignal<string>;
  /** The hub as it will reach it, of those in `addresses`. */
  readonly address: ReadonlySignal<string>;
  readonly addresses: ReadonlySignal<readonly string[]>;
  /** Stays in this page's memory: no part of it is sent or stored. */
  readonly wifi: ReadonlySignal<{ readonly ssid: string; readonly password: string }>;
  /** The token that was made for it; stays in this page's memory, and only while the dialog is open. */
  readonly token: ReadonlySignal<string | null>;
  /** Its name, once it is connected. */
  readonly arrived: ReadonlySignal<string | null>;
  /** Others that came since one waits. */
  readonly others: ReadonlySignal<readonly string[]>;
  /** It has been waited for so long that hints may help. */
  readonly isLate: ReadonlySignal<boolean>;
  /** @param id of the device that is expected; a free one unless given */
  open(kind?: Kind, id?: string): void;
  close(): void;
  name(id: string): void;
  reach(address: string): void;
  join(ssid: string, password: string): void;
  give(device: string, token: string): void;
  /** Waits for one more device, with a free id. */
  again(): void;
}

export interface AddingParts {
  readonly store: Pick<Store, "devices" | "hub">;
  readonly clock: Pick<PageClock, "after">;
  /** The address of this page, for a hub that knows none of its own. */
  readonly origin: string;
}

export function createAdding({ store, clock, origin }: AddingParts): Adding {
  const isOpen = signal(false);
  const kind = signal<Kind>(KINDS[0]);
  const isPicked = signal(false);
  const id = signal("");
  const chosen = signal("");
  const wifi = signal({ ssid: "", password: "" });
  const given = signal({ device: "", token: "" });
  /** What was known, and what was connected, when the wait began. */
  const before = signal({ known: new Set<string>(), online: new Set<string>() });
  const patience = createPatience(clock);

  const device = computed(() => deviceOf(kind.value, id.value));
  const addresses = computed(() => {
    const { addresses: known = [], devicePort } = store.hub.value ?? {};
    const all = known.length === 0 ? [origin] : known;
    return devicePort === undefined ? all : [...new Set(all.map((address) => atPort(address, devicePort)))];
  });

  function restart(wanted?: string): void {
    before.value = { known: new Set(store.devices.peek().keys()), online: new Set(online(store)) };
    id.value = wanted ?? freeId(kind.peek(), before.peek().known);
    patience.begin();
  }

  const fault = computed(() => faultOf(id.value, device.value, before.value.known));
  return {
    isOpen,
    kind,
    isPicked,
    id,
    device,
    fault,
    addresses,
    address: computed(() => addresses.value.find((one) => one === chosen.value) ?? addresses.value[0] ?? origin),
    wifi,
    token: computed(() => (given.value.device === device.value ? given.value.token : null)),
    arrived: computed(() =>
      fault.value === null && isOnline(store, device.value) ? nameOf(store, device.value) : null,
    ),
    others: computed(() => online(store).filter((one) => one !== device.value && !before.value.online.has(one))),
    isLate: patience.isOver,
    open(wantedKind, wantedId) {
      isPicked.value = wantedKind !== undefined;
      if (wantedKind !== undefined) kind.value = wantedKind;
      restart(wantedId);
      isOpen.value = true;
    },
    close() {
      patience.end();
      isOpen.value = false;
      given.value = { device: "", token: "" };
    },
    name(text) {
      id.value = text.trim();
      patience.begin();
    },
    reach: (address) => {
      chosen.value = address;
    },
    join: (ssid, password) => {
      wifi.value = { ssid: printable(ssid).slice(0, MAX_SSID), password: printable(password).slice(0, MAX_PASSWORD) };
    },
    give: (to, token) => {
      given.value = { device: to, token };
    },
    again: () => restart(),
  };
}

/** Where devices come in without TLS, which few of the programs speak. */
function atPort(address: string, port: number): string {
  return `http://${new URL(address).hostname}:${port}`;
}

/** Whether a device has been waited for long. */
function createPatience(clock: AddingParts["clock"]) {
  const isOver = signal(false);
  let end = (): void => {};
  return {
    isOver,
    /** Begins to count the minute anew. */
    begin() {
      end();
      isOver.value = false;
      end = clock.after(PATIENCE_MS, () => (isOver.value = true));
    },
    end: () => end(),
  };
}

/** `pharos simulate --id PREFIX` names its devices PREFIX-1, PREFIX-2, … */
export function prefixOf(id: string): string {
  return id.endsWith("-1") ? id.slice(0, -2) : id;
}

function deviceOf(kind: Kind, id: string): string {
  return kind === "simulated" ? `${prefixOf(id)}-1` : id;
}

/** `lamp-1`, or the first number that no device has: two with one id would keep each other out. */
function freeId(kind: Kind, known: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const id = `lamp-${number}`;
    if (!known.has(deviceOf(kind, id))) return id;
  }
}

function faultOf(id: string, device: string, known: ReadonlySet<string>): IdFault | null {
  if (id === "") return "empty";
  if (!ID.test(id) || !ID.test(device)) return "form";
  return known.has(device) ? "taken" : null;
}

function isOnline(store: AddingParts["store"], id: string): boolean {
  const presence = store.devices.value.get(id)?.link.value.presence;
  return presence !== undefined && presence !== "offline";
}

function online(store: AddingParts["store"]): string[] {
  return [...store.devices.value.keys()].filter((id) => isOnline(store, id));
}

function nameOf(store: AddingParts["store"], id: string): string {
  return store.devices.value.get(id)?.about.value.name ?? id;
}

/** Without what no name of a Wi-Fi holds, and no program's text could. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "");
}
