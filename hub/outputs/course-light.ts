/**
 * The one light that course pages share (protocol 2.7): `brightness` of a device, or only a remembered level while there is none.
 * Asked by `course-page.ts` and `course-routes.ts`; it goes through the same wishes as every other hand.
 */
import { EventEmitter } from "node:events";
import type { Timer } from "#base/clock.ts";
import type { Property } from "#protocol/values.ts";
import { LIMITS } from "../base/limits.ts";
import type { Device } from "../devices/device.ts";
import type { House } from "../flow/house.ts";
import type { Wishes } from "../flow/wishes.ts";
import { clampLevel } from "./course-level.ts";

const PROPERTY = "brightness";
/** How wishes of course pages are signed. */
const BY = "course";

interface CourseLightEvents {
  /** The level is another, or was asked for again: all pages are to be told, but for one. */
  level: [level: number, except: string | null];
  /** The page that dragged last did not get what it asked for. */
  correction: [level: number, only: string];
}

interface Hand {
  readonly page: string;
  knows: number;
  timer: Timer | null;
}

export interface CourseLightParts {
  readonly house: House;
  readonly wishes: Wishes;
  /** Id of the device to drive; empty for the first that has the property. */
  readonly device: string;
}

export class CourseLight {
  readonly events = new EventEmitter<CourseLightEvents>();
  readonly #parts: CourseLightParts;
  /** The device that was found, and whether it was ever here since; one that never was makes way for one that is. */
  #found: { readonly id: string; wasHere: boolean } | null = null;
  /** What counts while no device says otherwise. */
  #remembered = 0;
  #told = 0;
  /** The page that spoke last, the level it knows, and a timer as long as it counts as dragging. */
  #hand: Hand | null = null;
  #isAsking = false;

  constructor(parts: CourseLightParts) {
    this.#parts = parts;
  }

  start(): void {
    const { events } = this.#parts.house;
    events.on("change", ({ id }) => this.#onChange(id));
    events.on("gone", (id) => this.#onChange(id));
  }

  /** What was last asked as long as the device has not answered, else what it is; from 0 to 100. */
  get level(): number {
    const device = this.#device();
    const { desired = null, reported = null } = device?.state.get(PROPERTY) ?? {};
    const isOnItsWay = desired?.status === "sent" || desired?.status === "waiting";
    const value = (isOnItsWay ? desired : (reported ?? desired))?.value;
    return typeof value === "number" && Number.isFinite(value) ? clampLevel(value) : this.#remembered;
  }

  /**
   * Asks for a level; every page is told at once, but for the one that asks.
   * @param page the socket id of the page that asks, null for a REST client
   * @returns the level as it is now, when the wish is on disk
   * @throws PharosError when the device cannot take it
   */
  async set(level: number, page: string | null): Promise<number> {
    const kept = this.#ask(level);
    this.#remembered = level;
    const now = this.level;
    this.#told = now;
    if (this.#hand !== null) this.release(this.#hand.page);
    if (page !== null) this.#hand = this.#drag(page, now);
    this.events.emit("level", now, page);
    await kept;
    return now;
  }

  /** A page is gone, and with it its hand. */
  release(page: string): void {
    if (this.#hand?.page !== page) return;
    this.#hand.timer?.cancel();
    this.#hand = null;
  }

  #ask(level: number): Promise<void> {
    const device = this.#device();
    if (device === null) return Promise.resolve();
    const value = nearest(device.properties.get(PROPERTY), level);
    // Who is told of this, and who is not, is the asker's business.
    this.#isAsking = true;
    try {
      return this.#parts.wishes.set({ device: device.id, property: PROPERTY, value, by: BY }).kept;
    } finally {
      this.#isAsking = false;
    }
  }

  /** While it drags, a page is not told what became of its own wishes: that would pull the slider from under the hand. */
  #drag(page: string, knows: number): Hand {
    const hand: Hand = { page, knows, timer: null };
    hand.timer = this.#parts.house.clock.after(LIMITS.courseHandMs, () => {
      hand.timer = null;
      const { level } = this;
      if (level !== hand.knows) this.events.emit("correction", level, page);
      hand.knows = level;
    });
    return hand;
  }

  #onChange(id: string): void {
    if (this.#isAsking) return;
    const before = this.#found?.id;
    if (this.#parts.device === "") this.#consider(id);
    const now = this.#parts.device || this.#found?.id;
    if (now === id || now !== before) this.#refresh();
  }

  #refresh(): void {
    const { level } = this;
    if (level === this.#told) return;
    this.#told = level;
    this.#remembered = level;
    const isAnswer = this.#device()?.state.get(PROPERTY)?.desired?.by === BY;
    const isDragging = this.#hand !== null && this.#hand.timer !== null;
    if (isAnswer && isDragging) return void this.events.emit("level", level, this.#hand?.page ?? null);
    if (this.#hand !== null) this.#hand.knows = level;
    this.events.emit("level", level, null);
  }

  #device(): Device | null {
    const { registry } = this.#parts.house;
    if (this.#parts.device !== "") return dimmable(registry.get(this.#parts.device));
    return (this.#found && dimmable(registry.get(this.#found.id))) ?? this.#choose();
  }

  #choose(): Device | null {
    const candidates = this.#parts.house.registry.all().filter((device) => dimmable(device) !== null);
    const chosen = candidates.find(isHere) ?? candidates[0] ?? null;
    this.#found = chosen && { id: chosen.id, wasHere: isHere(chosen) };
    return chosen;
  }

  /** A device changed: it may be the first that has the property, or have lost it. */
  #consider(id: string): void {
    const device = dimmable(this.#parts.house.registry.get(id));
    if (device === null) {
      if (this.#found?.id === id) this.#found = null;
    } else if (this.#found === null) this.#found = { id, wasHere: isHere(device) };
    else if (isHere(device) && (this.#found.id === id || !this.#found.wasHere)) this.#found = { id, wasHere: true };
  }
}

/** The device if its brightness can be set. */
function dimmable(device: Device | undefined): Device | null {
  const declared = device?.properties.get(PROPERTY);
  const isNumber = declared?.type === "number" || declared?.type === "integer";
  return device !== undefined && isNumber && declared.readOnly !== true ? device : null;
}

function isHere(device: Device): boolean {
  return device.connection !== null;
}

/** The nearest value that the property can take. */
function nearest(declared: Property | undefined, level: number): number {
  const { minimum = 0, maximum = 100, type } = declared ?? {};
  const within = Math.min(maximum, Math.max(minimum, level));
  return type === "integer" ? Math.round(within) : within;
}
