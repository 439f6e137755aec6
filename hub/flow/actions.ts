/** Asking a device to do something: now, or when it returns (protocol 5.2, 6.5, 7.3). */
import { randomUUID } from "node:crypto";
import type { Timer } from "#base/clock.ts";
import { PharosError, type WireError } from "#protocol/errors.ts";
import { isErrorAnswer } from "#protocol/frames.ts";
import type { QueuedAction } from "#protocol/views.ts";
import { LIMITS } from "../base/limits.ts";
import type { Device } from "../devices/device.ts";
import type { House } from "./house.ts";
import { unreachable } from "./unreachable.ts";

/** Node fires a longer timer at once; it is started anew until the time has come. */
const LONGEST_TIMER_MS = 2_147_483_647;

export interface ActRequest {
  readonly device: string;
  readonly action: string;
  readonly input?: unknown;
  /** How long it may wait for a device that is away, ms; without it such an action is refused. */
  readonly expiresMs?: number | undefined;
  /** How long the device may take to answer, ms. */
  readonly timeoutMs?: number | undefined;
  /** Who asks: `page`, `rest`. */
  readonly by: string;
}

export type ActAnswer = { readonly output: unknown } | { readonly queued: string };

export class Actions {
  readonly #house: House;
  /** By the id of the waiting action; one each. */
  readonly #expiries = new Map<string, Timer>();

  constructor(house: House) {
    this.#house = house;
  }

  /**
   * Every device knows `identify`; other actions it must have declared.
   * @throws PharosError `NO_DEVICE`, `NO_ACTION`, `OFFLINE`, `TIMEOUT`, `FAILED`, `TOO_MANY`
   */
  async act(request: ActRequest): Promise<ActAnswer> {
    const device = this.#house.device(request.device);
    const { action } = request;
    if (action !== "identify" && !device.actions.has(action)) {
      throw new PharosError("NO_ACTION", `${device.id} has no action \`${action}\`.`);
    }
    if (device.connection !== null) return { output: await this.#ask(device, request) };
    if (request.expiresMs === undefined) throw unreachable(device);
    return { queued: await this.#queue(device, request, request.expiresMs) };
  }

  /** Those that still wait, oldest first. @throws PharosError `NO_DEVICE` */
  queued(id: string): readonly QueuedAction[] {
    return [...this.#house.device(id).queued.values()];
  }

  /** @throws PharosError `NO_DEVICE`, `NOT_FOUND` when nothing waits under that id (any more) */
  waiting(id: string, action: string): QueuedAction {
    const waiting = this.#house.device(id).queued.get(action);
    if (waiting === undefined) throw new PharosError("NOT_FOUND", "No such action is waiting.");
    return waiting;
  }

  /** @throws PharosError as `waiting` */
  cancel(id: string, action: string): void {
    this.#leaveQueue(this.#house.device(id), this.waiting(id, action), "cancelled");
  }

  /** The device is back: sends what waited for it, each at most once, since it leaves the queue on disk before it goes. */
  async deliver(device: Device): Promise<void> {
    for (const waiting of [...device.queued.values()]) {
      if (device.connection === null) return;
      this.#leaveQueue(device, waiting, null);
      const { name: action, input, by } = waiting;
      try {
        await this.#house.store.committed();
      } catch {
        // It could come twice after a crash, so it does not go at all.
        this.#note(device, by, action, input, "failed: nothing can be written to disk");
        continue;
      }
      // What becomes of it stands in the audit; nobody waits for it here.
      await this.#ask(device, { device: device.id, action, input, by }).catch(() => {});
    }
  }

  /** Takes up what waited when the hub stopped. */
  resume(device: Device): void {
    for (const waiting of device.queued.values()) this.#expireLater(device, waiting);
  }

  async #ask(device: Device, { action: name, input, timeoutMs, by }: ActRequest): Promise<unknown> {
    const frame = input === undefined ? { name } : { name, input };
    try {
      if (device.connection === null) throw new PharosError("OFFLINE");
      const output = await device.connection.ask("action", frame, timeoutMs ?? LIMITS.actionMs);
      if (isErrorAnswer(output)) throw failure(output.error);
      this.#note(device, by, name, input, "done");
      return output ?? null;
    } catch (error) {
      this.#note(device, by, name, input, error instanceof PharosError ? `failed: ${error.message}` : "failed");
      throw error;
    }
  }

  async #queue(device: Device, { action: name, input, by }: ActRequest, expiresMs: number): Promise<string> {
    if (device.queued.size >= LIMITS.queuedActions) {
      throw new PharosError("TOO_MANY", `At most ${LIMITS.queuedActions} actions wait for a device.`);
    }
    const at = this.#house.clock.now();
    const waiting = { id: randomUUID(), name, input: input ?? null, by, at, expiresAt: at + expiresMs };
    device.queued.set(waiting.id, waiting);
    if (!device.hubGiven) this.#house.store.putQueued(device.id, waiting);
    await this.#house.store.committed().catch((error: unknown) => {
      this.#leaveQueue(device, waiting, null);
      throw error;
    });
    this.#expireLater(device, waiting);
    this.#note(device, by, name, input, "queued");
    return waiting.id;
  }

  #expireLater(device: Device, waiting: QueuedAction): void {
    const remaining = Math.max(0, waiting.expiresAt - this.#house.clock.now());
    const timer = this.#house.clock.after(Math.min(remaining, LONGEST_TIMER_MS), () => {
      if (this.#house.clock.now() >= waiting.expiresAt) this.#leaveQueue(device, waiting, "expired");
      else this.#expireLater(device, waiting);
    });
    this.#expiries.set(waiting.id, timer);
  }

  #leaveQueue(device: Device, { id, name, input, by }: QueuedAction, result: string | null): void {
    device.queued.delete(id);
    this.#expiries.get(id)?.cancel();
    this.#expiries.delete(id);
    this.#house.store.removeQueued(device.id, id);
    if (result !== null) this.#note(device, by, name, input, result);
    this.#house.tell({ id: device.id, detail: true });
  }

  #note(device: Device, by: string, name: string, input: unknown, result: string): void {
    const value = input === undefined || input === null ? "" : JSON.stringify(input);
    this.#house.note(device, { at: this.#house.clock.now(), by, what: `action ${name}`, value, result });
  }
}

/** The device's own words, behind a code of ours. */
export function failure({ code, message }: WireError): PharosError {
  return new PharosError("FAILED", `The device answered ${code}: ${message}`);
}
