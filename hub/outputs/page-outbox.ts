/**
 * What one page has not been told yet. Changes are merged, the newest wins, and the next update goes only when the page
 * has acknowledged enough of the last: a slow phone never slows the hub or another page, and never queues.
 */
import type { Clock, Timer } from "#base/clock.ts";
import { isAtLeast } from "#protocol/access.ts";
import type { DeviceChange, HubInfo, Update } from "#protocol/dashboard-events.ts";
import type { PropertyState } from "#protocol/views.ts";
import type { Principal } from "../access/principal.ts";
import { LIMITS } from "../base/limits.ts";
import type { Device } from "../devices/device.ts";
import type { Dials } from "../flow/dials.ts";
import type { Change, House } from "../flow/house.ts";
import type { Recording } from "../history/store.ts";
import { Pace } from "./pace.ts";
import type { SaidLog } from "./said-log.ts";

/** Markers of a running recording that come with an update; the rest is asked over REST. */
const MARKERS_TOLD = 20;

interface Pending {
  about: boolean;
  link: boolean;
  detail: boolean;
  readonly properties: Set<string>;
}

export interface PageOutboxParts {
  readonly house: House;
  readonly said: SaidLog;
  readonly dials: Dials;
  readonly hub: HubInfo;
  /** Who looks at the page. */
  readonly principal: Principal;
  /** Sends one update; resolves when the page acknowledged it, or is given up. */
  send(update: Update): Promise<void>;
}

export class PageOutbox {
  readonly #parts: PageOutboxParts;
  readonly #clock: Clock;
  readonly #changes = new Map<string, Pending>();
  readonly #gone = new Set<string>();
  #watched: string | null = null;
  #toldSaid = 0;
  /** To be told with the next update; null when the page knows it. */
  #hub: HubInfo | null;
  /** Whether the page knows of all dials how they go. */
  #knowsDials = false;
  /** Whether it knows what is recorded. */
  #knowsRecordings = false;
  /** Whether it knows who waits to be let in; only admins are told. */
  #knowsPairing: boolean;
  #unacknowledged = 0;
  readonly #pace: Pace;
  #isScheduled = false;
  /** Until what may wait is told all the same; null while nothing waits. */
  #passing: Timer | null = null;
  #isClosed = false;

  constructor(parts: PageOutboxParts) {
    this.#parts = parts;
    this.#hub = parts.hub;
    this.#knowsPairing = !this.#isAdmin;
    this.#clock = parts.house.clock;
    this.#pace = new Pace(this.#clock.monotonic());
  }

  /** Tells the page everything. */
  start(): void {
    for (const device of this.#parts.house.registry.all()) this.#markWhole(device);
    this.#send();
  }

  /** What the page knows of the hub changed: it is told everything anew. */
  startOver(hub: HubInfo): void {
    this.#hub = hub;
    this.#knowsDials = false;
    this.#knowsRecordings = false;
    this.#knowsPairing = !this.#isAdmin;
    for (const device of this.#parts.house.registry.all()) this.#markWhole(device);
    this.#toldSaid = 0;
    this.schedule();
  }

  change({ id, about, link, properties, detail, isPassing = false }: Change): void {
    const isElsewhere = !about && !link && properties === undefined && id !== this.#watched;
    if (isElsewhere) return;
    const pending = this.#pending(id);
    pending.about ||= about === true;
    pending.link ||= link === true;
    pending.detail ||= detail === true;
    for (const name of properties ?? []) pending.properties.add(name);
    if (isPassing) this.#scheduleLater();
    else this.schedule();
  }

  /** The page shows the room of this device, or of none. */
  watch(id: string | null): void {
    this.#watched = id;
    if (id === null || this.#parts.house.registry.get(id) === undefined) return;
    this.#pending(id).detail = true;
    this.schedule();
  }

  gone(id: string): void {
    this.#changes.delete(id);
    this.#gone.add(id);
    this.schedule();
  }

  /** Whom the hub dials, or how that goes, changed. */
  dialsChanged(): void {
    this.#knowsDials = false;
    this.schedule();
  }

  /** Whether the hub records, or any recording, changed. */
  recordingsChanged(): void {
    this.#knowsRecordings = false;
    this.schedule();
  }

  /** Who waits to be let in, or for how long, changed. */
  pairingChanged(): void {
    if (!this.#isAdmin) return;
    this.#knowsPairing = false;
    this.schedule();
  }

  /** Sends at the end of this turn, so that what happens together is told together; later if the page is told too often. */
  schedule(): void {
    this.#passing?.cancel();
    this.#passing = null;
    if (this.#isScheduled || this.#unacknowledged >= LIMITS.pageUnacknowledged) return;
    this.#isScheduled = true;
    const wait = this.#pace.waitMs(this.#clock.monotonic());
    if (wait > 0) this.#clock.after(wait, () => this.#send());
    else setImmediate(() => this.#send());
  }

  #scheduleLater(): void {
    if (this.#isScheduled) return;
    this.#passing ??= this.#clock.after(LIMITS.pagePassingMs, () => this.schedule());
  }

  close(): void {
    this.#isClosed = true;
    this.#passing?.cancel();
  }

  #send(): void {
    this.#isScheduled = false;
    if (this.#isClosed) return;
    const update = this.#takeUpdate();
    this.#pace.spend(this.#clock.monotonic());
    this.#unacknowledged += 1;
    void this.#parts.send(update).then(() => {
      this.#unacknowledged -= 1;
      if (this.#hasNews()) this.schedule();
    });
  }

  #hasNews(): boolean {
    const knowsAll =
      this.#knowsDials && this.#knowsRecordings && this.#knowsPairing && this.#toldSaid >= this.#parts.said.newest;
    return !knowsAll || this.#changes.size > 0 || this.#gone.size > 0;
  }

  #takeUpdate(): Update {
    const { house, said, dials, principal } = this.#parts;
    const devices = [...this.#changes].flatMap(([id, pending]) => this.#describe(id, pending));
    const update = {
      now: house.clock.now(),
      devices,
      gone: [...this.#gone],
      said: said.since(this.#toldSaid),
      ...(!this.#knowsDials && { dials: dials.list() }),
      ...(!this.#knowsPairing && { pairing: house.access.pairing.view() }),
      ...(!this.#knowsRecordings && {
        acquisition: { running: house.running.map(withFewMarkers), revision: house.recordingsRevision },
      }),
    };
    this.#knowsDials = true;
    this.#knowsRecordings = true;
    this.#knowsPairing = true;
    this.#changes.clear();
    this.#gone.clear();
    this.#toldSaid = said.newest;
    const hub = this.#hub;
    this.#hub = null;
    return hub === null ? update : { hub, session: house.access.sessionOf(principal), ...update };
  }

  get #isAdmin(): boolean {
    return isAtLeast(this.#parts.principal.role, "admin");
  }

  #describe(id: string, { about, link, properties, detail }: Pending): DeviceChange[] {
    const device = this.#parts.house.registry.get(id);
    if (device === undefined) return [];
    const state: Record<string, PropertyState> = {};
    for (const name of properties) {
      const property = device.propertyState(name);
      if (property !== null) state[name] = property;
    }
    return [
      {
        id,
        ...(about && { about: device.about() }),
        ...(link && { link: device.link() }),
        ...(properties.size > 0 && { state }),
        ...(detail && id === this.#watched && { detail: device.detail() }),
      },
    ];
  }

  #markWhole(device: Device): void {
    const pending = this.#pending(device.id);
    pending.about = true;
    pending.link = true;
    for (const name of device.state.keys()) pending.properties.add(name);
  }

  #pending(id: string): Pending {
    let pending = this.#changes.get(id);
    if (pending === undefined) {
      pending = { about: false, link: false, detail: false, properties: new Set() };
      this.#changes.set(id, pending);
    }
    return pending;
  }
}

function withFewMarkers(recording: Recording): Recording {
  return { ...recording, markers: recording.markers.slice(-MARKERS_TOLD) };
}
