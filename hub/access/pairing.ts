/** Devices that nobody knows yet: while the window is open they may wait for somebody to approve them (protocol 7.9). Made by `access.ts`. */
import type { Clock, Timer } from "#base/clock.ts";
import type { PairingView, PendingView } from "#protocol/access.ts";
import { PharosError } from "#protocol/errors.ts";

/** Devices that may wait at once; more are refused. */
const MOST_PENDING = 64;

/** One that waits, as its door holds it. */
export interface Waiting {
  /** The device gets its token over its own connection. */
  approve(): void;
  /** It is told why, and cut. */
  refuse(): void;
}

export class Pairing {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #waiting = new Map<string, { readonly view: PendingView; readonly waiting: Waiting }>();
  #until: number | null = null;
  #timer: Timer | null = null;

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  view(): PairingView {
    return { until: this.#until, pending: [...this.#waiting.values()].map(({ view }) => view) };
  }

  get isOpen(): boolean {
    return this.#until !== null;
  }

  open(ms: number): void {
    this.#timer?.cancel();
    this.#until = this.#clock.now() + ms;
    this.#timer = this.#clock.after(ms, () => this.close());
    this.#onChange();
  }

  /** Those that still wait are refused. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#until = null;
    for (const { waiting } of [...this.#waiting.values()]) waiting.refuse();
    this.#waiting.clear();
    this.#onChange();
  }

  /**
   * A device without a token asks to be let in.
   * @returns ends its wait, when it goes
   * @throws PharosError `UNAUTHORIZED` when the window is closed, `DUPLICATE` when one with this id waits already, `TOO_MANY`
   */
  wait(view: PendingView, waiting: Waiting): () => void {
    if (!this.isOpen) throw new PharosError("UNAUTHORIZED");
    if (this.#waiting.has(view.device)) throw new PharosError("DUPLICATE");
    if (this.#waiting.size >= MOST_PENDING) throw new PharosError("TOO_MANY");
    this.#waiting.set(view.device, { view, waiting });
    this.#onChange();
    return () => this.#end(view.device, waiting);
  }

  /** What the device says of itself. */
  describe(device: string, part: Pick<PendingView, "name" | "model">): void {
    const entry = this.#waiting.get(device);
    if (entry === undefined) return;
    this.#waiting.set(device, { ...entry, view: { ...entry.view, ...part } });
    this.#onChange();
  }

  /** @throws PharosError `NOT_FOUND` when no such device waits, or what keeps it from getting its token; then it waits on */
  approve(device: string): void {
    const { waiting } = this.#find(device);
    waiting.approve();
    this.#end(device, waiting);
  }

  /** @throws PharosError `NOT_FOUND` when no such device waits */
  refuse(device: string): void {
    const { waiting } = this.#find(device);
    this.#end(device, waiting);
    waiting.refuse();
  }

  #find(device: string): { readonly waiting: Waiting } {
    const entry = this.#waiting.get(device);
    if (entry === undefined) throw new PharosError("NOT_FOUND", `No device \`${device}\` waits.`);
    return entry;
  }

  /** But for another one of this id, which waits since. */
  #end(device: string, waiting: Waiting): void {
    if (this.#waiting.get(device)?.waiting !== waiting) return;
    this.#waiting.delete(device);
    this.#onChange();
  }
}
