/** Whom the hub dials and how that goes: given by options, by pages and by REST (protocol 2.5). The dialler acts on it. */
import { EventEmitter } from "node:events";
import { type DialState, type DialTarget, type DialView, formatDialUrl } from "#protocol/dials.ts";
import { PharosError } from "#protocol/errors.ts";
import { isId } from "#protocol/names.ts";
import { LIMITS } from "../base/limits.ts";
import type { House } from "./house.ts";

interface DialEvents {
  added: [DialTarget];
  removed: [DialTarget];
}

interface Entry {
  readonly target: DialTarget;
  readonly isFixed: boolean;
  state: DialState;
  since: number;
  retryAt: number | null;
  fault: string | null;
}

export class Dials {
  /** The dialler listens here. */
  readonly events = new EventEmitter<DialEvents>();
  readonly #house: House;
  readonly #entries = new Map<string, Entry>();

  constructor(house: House) {
    this.#house = house;
  }

  /** Those of the options, which win, and those that were kept. Called once, at start. */
  takeUp(kept: readonly DialTarget[]): void {
    for (const target of this.#house.config.dial) this.#enter(target, true);
    for (const target of kept) if (!this.#entries.has(target.id)) this.#enter(target, false);
  }

  /** Sorted by id. */
  list(): readonly DialView[] {
    return [...this.#entries.values()].map(view).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** @throws PharosError `NOT_FOUND` */
  get(id: string): DialView {
    return view(this.#find(id));
  }

  /** From now on, and after a restart. @throws PharosError `BAD_ID`, `DUPLICATE`, `TOO_MANY` */
  add(target: DialTarget): DialView {
    const { id } = target;
    if (!isId(id)) throw new PharosError("BAD_ID");
    if (this.#entries.has(id)) throw new PharosError("DUPLICATE", `The hub dials ${id} already. Remove that first.`);
    if (this.#entries.size >= LIMITS.dials) {
      throw new PharosError("TOO_MANY", `The hub dials at most ${LIMITS.dials} devices. Remove one first.`);
    }
    this.#house.store.putDial(target);
    this.#enter(target, false);
    return this.get(id);
  }

  /** Its connection ends; the device stays known. @throws PharosError `NOT_FOUND`, `READ_ONLY` */
  remove(id: string): void {
    if (this.#find(id).isFixed) {
      throw new PharosError(
        "READ_ONLY",
        `${id} is dialled by the hub's option --dial. Take it out there, and restart.`,
      );
    }
    this.forget(id);
  }

  /** As `remove`, for a device that is forgotten as a whole: leaves alone what it may not remove. */
  forget(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.isFixed) return;
    this.#entries.delete(id);
    this.#house.store.removeDial(id);
    this.events.emit("removed", entry.target);
    this.#tell();
  }

  /** How a dial goes; of one that was removed meanwhile nothing is kept. */
  became(id: string, state: DialState, fault: string | null, retryAt: number | null = null): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    if (entry.state !== state) entry.since = this.#house.clock.now();
    Object.assign(entry, { state, fault, retryAt });
    this.#tell();
  }

  #enter(target: DialTarget, isFixed: boolean): void {
    const since = this.#house.clock.now();
    this.#entries.set(target.id, { target, isFixed, state: "waiting", since, retryAt: since, fault: null });
    this.events.emit("added", target);
    this.#tell();
  }

  #find(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new PharosError("NOT_FOUND", `The hub does not dial \`${id}\`.`);
    return entry;
  }

  #tell(): void {
    this.#house.events.emit("dials");
  }
}

function view({ target, isFixed, state, since, retryAt, fault }: Entry): DialView {
  return { ...target, url: formatDialUrl(target), isFixed, state, since, retryAt, fault };
}
