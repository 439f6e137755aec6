/** Whether the hub records now, for everyone at once: starts and stops recordings, and tells devices to sample (protocol 3.6, 5.3, 7.6). */
import { PharosError } from "#protocol/errors.ts";
import type { AcquireFrame } from "#protocol/hub-events.ts";
import { isMember } from "../history/recording-book.ts";
import type { Recording } from "../history/store.ts";
import type { House } from "./house.ts";

export interface StartRequest {
  /** The time, unless stated. */
  readonly name?: string | undefined;
  /** All, unless stated. */
  readonly devices?: readonly string[] | undefined;
  /** How often devices that sample are asked to, ms. */
  readonly intervalMs?: number | undefined;
  /** Who asks: `page`, `rest`. */
  readonly by: string;
}

/** Recordings that may run at once. */
const RUNNING = 16;
/** Starts and stops that may wait for the one before them. */
const WAITING = 64;

export class Acquisition {
  readonly #house: House;
  /** The last start or stop that was asked for: the next one follows it. */
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(house: House) {
    this.#house = house;
  }

  /** What ran when the hub went down goes on. Called once, before anyone connects. */
  async takeUp(): Promise<void> {
    const recordings = await this.#house.history.listRecordings();
    this.#house.running = recordings.filter(({ stoppedAt }) => stoppedAt === null);
  }

  /** Starts a recording, beside those that run. @throws PharosError `STORAGE`, `TOO_MANY` */
  start(request: StartRequest): Promise<Recording> {
    return this.#inTurn(() => this.#start(request));
  }

  /** Starts one of all devices, unless one runs: who says `START` twice does not want two. @throws PharosError as `start` */
  ensure(by: string): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#house.running.some(({ devices }) => devices === null)) await this.#start({ by });
    });
  }

  /**
   * Stops one recording, or all that run.
   * @returns those that it stopped, newest first
   * @throws PharosError `NOT_FOUND` when there is no such recording
   */
  stop(id?: string): Promise<readonly Recording[]> {
    return this.#inTurn(async () => {
      const { history, running, broadcast } = this.#house;
      // Also those that began to sample by themselves.
      if (id === undefined && running.length === 0) broadcast.acquire({ running: false });
      const stopped: Recording[] = [];
      for (const one of id === undefined ? running.map((recording) => recording.id) : [id]) {
        const recording = await history.stopRecording(one);
        this.follow(recording);
        stopped.push(recording);
      }
      return stopped;
    });
  }

  /** A recording was made or changed: what runs follows, devices are told where that means something to them, pages always. */
  follow(recording: Recording): void {
    const before = this.#house.running;
    const others = before.filter(({ id }) => id !== recording.id);
    const after = recording.stoppedAt === null ? [recording, ...others] : others;
    this.#house.running = after.sort((a, b) => Number(b.id) - Number(a.id));
    this.#announce(before, this.#house.running);
    this.#house.recordingsChanged();
  }

  async #start({ name, devices, intervalMs, by }: StartRequest): Promise<Recording> {
    const { running, history, clock } = this.#house;
    if (running.length >= RUNNING) {
      throw new PharosError("TOO_MANY", `${RUNNING} recordings run already: stop one first.`);
    }
    const recording = await history.startRecording({
      name: name ?? nameAt(clock.now()),
      by,
      ...(devices !== undefined && { devices }),
      ...(intervalMs !== undefined && { intervalMs }),
    });
    this.follow(recording);
    return recording;
  }

  #announce(before: readonly Recording[], after: readonly Recording[]): void {
    const { broadcast, registry } = this.#house;
    if ([...before, ...after].every(({ devices }) => devices === null)) {
      if (differs(before, after, "")) broadcast.acquire(acquireOrder(after, ""));
      return;
    }
    for (const { id, connection } of registry.each()) {
      if (differs(before, after, id)) connection?.tell("acquire", acquireOrder(after, id));
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= WAITING) return Promise.reject(new PharosError("TOO_MANY"));
    this.#waiting += 1;
    const result = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#last = result.catch(() => {});
    return result;
  }
}

/** What a device is to do while these recordings run: the shortest interval that any of them asks for. */
export function acquireOrder(running: readonly Recording[], device: string): AcquireFrame {
  const its = running.filter((recording) => isMember(recording, device));
  const intervals = its.flatMap(({ intervalMs }) => intervalMs ?? []);
  if (intervals.length === 0) return { running: its.length > 0 };
  return { running: true, intervalMs: Math.min(...intervals) };
}

function differs(before: readonly Recording[], after: readonly Recording[], device: string): boolean {
  const [old, now] = [acquireOrder(before, device), acquireOrder(after, device)];
  return old.running !== now.running || old.intervalMs !== now.intervalMs;
}

/** What a recording is called until somebody names it. */
function nameAt(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
