/** Wishes go down one stair: page or REST → allowed? → desired (stored) → setter → device → applied → tell (protocol 5.1, 6.3, 6.4, 7.2). */
import { PharosError, type WireError } from "#protocol/errors.ts";
import { isErrorAnswer } from "#protocol/frames.ts";
import type { SetFrame } from "#protocol/hub-events.ts";
import { isPropertyName } from "#protocol/names.ts";
import { type Value, type Values, valueFault, values } from "#protocol/values.ts";
import { LIMITS } from "../base/limits.ts";
import { AuditTrail } from "../devices/audit-trail.ts";
import { Device } from "../devices/device.ts";
import { type SetOutcome, Setter } from "../devices/setter.ts";
import { UptimeMeter } from "../devices/uptime.ts";
import { failure } from "./actions.ts";
import type { House } from "./house.ts";

export interface SetWish {
  readonly device: string;
  readonly property: string;
  readonly value: Value;
  /** ms */
  readonly transition?: number | undefined;
  /** Who asks: `page`, `rest`. */
  readonly by: string;
}

export interface KeptWish {
  /** Resolves when the wish is on disk, and so survives a crash; rejects when it cannot be written (protocol 6.3). */
  readonly kept: Promise<void>;
  /** What becomes of it. */
  readonly outcome: Promise<SetOutcome>;
}

export class Wishes {
  readonly #house: House;

  constructor(house: House) {
    this.#house = house;
  }

  /**
   * Asks a device for a value: at once, and on disk within 100 ms.
   * @throws PharosError `NO_DEVICE`, `NO_PROPERTY`, `READ_ONLY`, `INVALID_VALUE`
   */
  set(wish: SetWish): KeptWish {
    const device = this.#house.device(wish.device);
    checkWish(device, wish);
    const { property, value, by } = wish;
    const at = this.#house.clock.now();
    const status = device.connection === null ? "waiting" : "sent";
    device.stateOf(property).desired = { value, by, at, status };
    this.#house.keepDesired(device, property);
    // The device before the pages: it is what a hand on the slider waits for.
    const outcome = this.#ask(device, wish);
    this.#house.tell({ id: device.id, properties: [property], isPassing: status === "sent" });
    void outcome.then((result) => this.#note(device, wish, at, result));
    return { kept: this.#house.store.committed(), outcome };
  }

  /** The same value for every member of a room that has the property. @returns how many were asked */
  setRoom(room: string, { property, ...wish }: Omit<SetWish, "device">): number {
    const members = this.#house.registry.inRoom(room).filter((device) => device.properties.has(property));
    let asked = 0;
    for (const { id: device } of members) {
      try {
        const { kept } = this.set({ device, property, ...wish });
        // Each member's page state says what became of it; a full disk is said once, by the hub.
        kept.catch(() => {});
        asked += 1;
      } catch (error) {
        // One that cannot take the value keeps nobody else from it.
        if (!(error instanceof PharosError)) throw error;
      }
    }
    return asked;
  }

  /** Sends stored wishes again to a device that returned. */
  resend(device: Device, desired: Values): void {
    for (const name of Object.keys(desired)) this.#mark(device, name, "sent");
    device.setter.requestAll(desired);
  }

  markApplied(device: Device, property: string): void {
    this.#mark(device, property, "applied");
  }

  /** The device left: what it did not confirm will be set when it returns. */
  waitForReturn(device: Device): void {
    for (const [name, { desired }] of device.state) {
      if (desired?.status === "sent" || desired?.status === "failed") this.#mark(device, name, "waiting");
    }
  }

  /** A hand takes or leaves a control; other pages show it. @param page the page's socket id */
  hold(page: string, id: string, property: string, held: boolean): void {
    const device = this.#house.device(id);
    if (!device.properties.has(property)) return;
    const state = device.stateOf(property);
    const others = state.holders.filter((holder) => holder !== page);
    state.holders = held ? [...others, page] : others;
    this.#house.tell({ id, properties: [property] });
  }

  /** A page is gone, and with it its hands. */
  releaseAll(page: string): void {
    for (const device of this.#house.registry.all()) {
      for (const [name, state] of device.state)
        if (state.holders.includes(page)) this.hold(page, device.id, name, false);
    }
  }

  /** A device that the hub has not met before. */
  createDevice(id: string, now: number): Device {
    const setter = new Setter({
      clock: this.#house.clock,
      giveUpMs: LIMITS.setGiveUpMs,
      maxAskers: LIMITS.setAskers,
      send: (frame) => this.#send(id, frame),
      onApplied: (applied) => this.#applied(id, applied),
      onFailed: (properties, error) => this.#failed(id, properties, error),
    });
    const audit = new AuditTrail(this.#house.clock, (entry) => {
      if (this.#house.registry.get(id)?.hubGiven === false) this.#house.store.addAudit(id, entry);
    });
    return new Device(id, setter, audit, new UptimeMeter(this.#house.uptime), now);
  }

  #ask(device: Device, { property, value, transition }: SetWish): Promise<SetOutcome> {
    if (device.connection === null) return Promise.resolve({ error: new PharosError("OFFLINE") });
    return device.setter.request(property, value, transition);
  }

  #note(device: Device, { property, value, by }: SetWish, at: number, outcome: SetOutcome): void {
    const result = "applied" in outcome ? "applied" : resultOf(outcome.error);
    this.#house.note(device, { at, by, what: `set ${property}`, value: JSON.stringify(value), result });
  }

  async #send(id: string, frame: SetFrame): Promise<Values> {
    const device = this.#house.registry.get(id);
    if (device === undefined || device.connection === null) throw new PharosError("OFFLINE");
    const answer = await device.connection.ask("set", frame, LIMITS.lateAnswerMs);
    if (isErrorAnswer(answer)) throw failure(answer.error);
    return accepted(device, answer);
  }

  #applied(id: string, applied: Values): void {
    const device = this.#house.registry.get(id);
    if (device === undefined) return;
    const at = this.#house.clock.now();
    for (const [name, value] of Object.entries(applied)) {
      device.stateOf(name).reported = { value, at };
      this.#house.keepReported(device, name);
      this.#house.samples.put(device, { [name]: value }, { at });
      if (!device.setter.isBusyWith(name)) this.#mark(device, name, "applied");
    }
    this.#house.tell({ id, properties: Object.keys(applied) });
  }

  #failed(id: string, properties: readonly string[], error: PharosError): void {
    const device = this.#house.registry.get(id);
    if (device === undefined || device.connection === null) return;
    for (const name of properties) this.#mark(device, name, "failed", error.toWire());
  }

  #mark(device: Device, property: string, status: "waiting" | "sent" | "applied" | "failed", error?: WireError): void {
    const state = device.stateOf(property);
    if (state.desired === null) return;
    const { value, by, at } = state.desired;
    state.desired = error === undefined ? { value, by, at, status } : { value, by, at, status, error };
    this.#house.tell({ id: device.id, properties: [property] });
  }
}

function checkWish(device: Device, { property, value }: SetWish): void {
  const declared = isPropertyName(property) ? device.properties.get(property) : undefined;
  if (declared === undefined) throw new PharosError("NO_PROPERTY", `${device.id} has no property \`${property}\`.`);
  if (declared.readOnly) throw new PharosError("READ_ONLY", `\`${property}\` of ${device.id} can be read but not set.`);
  const fault = valueFault(declared, value);
  if (fault !== null) throw new PharosError("INVALID_VALUE", `\`${property}\` ${fault}.`);
}

/**
 * The values a device accepted, from its answer to a `set`. One that answers anything but values has taken what it was sent.
 * @throws PharosError `FAILED` for a value that the property cannot have (protocol 4.5)
 */
function accepted(device: Device, answer: unknown): Values {
  const { transition: _, ...rest } = Object(answer) as { readonly [name: string]: unknown };
  const said = values.safeParse(rest).data ?? {};
  for (const [name, value] of Object.entries(said)) {
    const fault = valueFault(device.properties.get(name), value);
    if (fault !== null) throw new PharosError("FAILED", `The device answered with a \`${name}\` that ${fault}.`);
  }
  return said;
}

function resultOf({ code, message }: PharosError): string {
  return code === "OFFLINE" || code === "TIMEOUT" ? "waiting" : `failed: ${message}`;
}
