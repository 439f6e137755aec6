/**
 * Pins through the kernel's own files under /sys: every Raspberry Pi, Pi 5 too; no library, no daemon, no child process.
 * What fails while it runs is told and tried again until it works. `select.ts` creates it.
 */
import { type Backoff, createBackoff } from "#base/backoff.ts";
import type { Timer } from "#base/clock.ts";
import {
  checkOpen,
  checkPin,
  checkStep,
  DriverError,
  type PinDriver,
  type PinInput,
  type PinOutput,
  type Pull,
} from "./driver.ts";
import type { KernelParts } from "./kernel-export.ts";
import { KernelGpio } from "./kernel-gpio.ts";
import { KernelPwm } from "./kernel-pwm.ts";
import type { PwmUse } from "./kernel-pwm-chips.ts";

/** A write costs microseconds: 40 steps a second look smooth. */
const FADE_STEP_MS = 25;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5_000;

/** A pin as the kernel has it: opening changes nothing on it. */
interface Line {
  readonly pin: number;
  open(): Promise<void>;
  check(): void;
  release(): void;
}

/** A pin that is in use. */
interface Held {
  readonly line: Line;
  /** Brings the line, when it was opened, to what it should do. */
  restore(): void;
}

/** Finds nothing and opens nothing yet. */
export function createKernelDriver(parts: KernelParts): PinDriver {
  return new KernelDriver(parts);
}

class KernelDriver implements PinDriver {
  readonly name = "kernel";
  readonly simulated = false;
  readonly fadeStepMs = FADE_STEP_MS;
  readonly title: string;
  readonly #parts: KernelParts;
  readonly #backoff: Backoff = createBackoff(FIRST_RETRY_MS, MAX_RETRY_MS);
  readonly #open = new Map<number, Held>();
  readonly #failed = new Map<number, DriverError>();
  #listener: (fault: DriverError | null) => void = () => {};
  #retry: Timer | null = null;
  #isClosed = false;

  constructor(parts: KernelParts) {
    this.#parts = parts;
    this.title = `the kernel ${parts.release}`;
  }

  async openPwm(pin: number, use: PwmUse = "pwm"): Promise<PinOutput> {
    return await this.#openOutput(pin, () => new KernelPwm(this.#parts, pin, use, (folder) => this.#ownerOf(folder)));
  }

  async openSwitch(pin: number): Promise<PinOutput> {
    return await this.#openOutput(pin, () => new KernelGpio(this.#parts, pin));
  }

  /** The pull is not set here: `pullLine` says which line of config.txt sets it. */
  async openInput(pin: number, _pull: Pull): Promise<PinInput> {
    checkPin("kernel", pin, this.#open);
    const line = new KernelGpio(this.#parts, pin);
    const held = await this.#hold({ line, restore: () => line.listen() });
    return {
      pin,
      read: () => this.#attempt(held, () => line.read()),
      close: () => this.#close(held),
    };
  }

  async probe(): Promise<void> {
    const [fault] = this.#failed.values();
    if (fault !== undefined) throw fault;
    for (const held of this.#open.values()) await this.#attempt(held, () => held.line.check());
  }

  watch(listener: (fault: DriverError | null) => void): void {
    this.#listener = listener;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#retry?.cancel();
    for (const held of [...this.#open.values()]) await this.#close(held);
  }

  async #openOutput(pin: number, create: () => KernelPwm | KernelGpio): Promise<PinOutput> {
    checkPin("kernel", pin, this.#open);
    const line = create();
    /** The newest step that was asked for; null while there was none. */
    let wanted: number | null = null;
    const held = await this.#hold({
      line,
      restore: () => {
        if (wanted !== null) line.write(wanted);
      },
    });
    return {
      pin,
      steps: line.steps,
      foundStep: line.foundStep,
      set: async (step) => {
        checkStep(step, line.steps);
        if (this.#open.get(pin) === held) wanted = step;
        await this.#attempt(held, () => line.write(step));
      },
      close: () => this.#close(held),
    };
  }

  #ownerOf(folder: string): number | null {
    for (const { line } of this.#open.values())
      if (line instanceof KernelPwm && line.folder === folder) return line.pin;
    return null;
  }

  /** Takes the pin before it waits, so that nobody else gets it meanwhile. */
  async #hold(held: Held): Promise<Held> {
    const { line } = held;
    this.#open.set(line.pin, held);
    try {
      await line.open();
      checkOpen("kernel", line.pin, this.#isOpen(held));
      held.restore();
      return held;
    } catch (error) {
      line.release();
      if (this.#isOpen(held)) this.#open.delete(line.pin);
      throw error;
    }
  }

  #isOpen(held: Held): boolean {
    return this.#open.get(held.line.pin) === held;
  }

  async #close(held: Held): Promise<void> {
    if (!this.#isOpen(held)) return;
    this.#open.delete(held.line.pin);
    this.#failed.delete(held.line.pin);
    held.line.release();
  }

  /** Does something with a line that works; when it does not, that is told, and the line is opened anew until it does. */
  async #attempt<T>(held: Held, run: () => T): Promise<T> {
    const { pin } = held.line;
    checkOpen("kernel", pin, this.#isOpen(held));
    const known = this.#failed.get(pin);
    if (known !== undefined) throw known;
    try {
      return run();
    } catch (error) {
      if (error instanceof DriverError) this.#fail(pin, error);
      throw error;
    }
  }

  #fail(pin: number, fault: DriverError): void {
    const isFirst = this.#failed.size === 0;
    this.#failed.set(pin, fault);
    if (isFirst) this.#listener(fault);
    if (this.#retry === null) this.#retryLater();
  }

  #retryLater(): void {
    if (this.#isClosed) return;
    this.#retry = this.#parts.clock.after(this.#backoff.next(), () => void this.#recover());
  }

  async #recover(): Promise<void> {
    for (const pin of [...this.#failed.keys()]) {
      const held = this.#open.get(pin);
      if (held !== undefined) await this.#reopen(held);
    }
    this.#retry = null;
    if (this.#failed.size > 0) {
      this.#retryLater();
      return;
    }
    this.#backoff.reset();
    if (!this.#isClosed) this.#listener(null);
  }

  async #reopen(held: Held): Promise<void> {
    const { line } = held;
    line.release();
    try {
      await line.open();
      if (this.#isOpen(held)) {
        held.restore();
        this.#failed.delete(line.pin);
        return;
      }
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      if (this.#isOpen(held)) this.#failed.set(line.pin, error);
    }
    line.release();
  }
}
