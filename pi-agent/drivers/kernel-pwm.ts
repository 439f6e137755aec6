/**
 * PWM of the kernel through /sys/class/pwm: pulses by a timer of the kernel on any pin (overlay `pwm-gpio`), or by the
 * chip itself on four pins. The power outlives the process. Used by kernel.ts.
 */
import { exportAndOpen, type Files, type KernelParts, useFile } from "./kernel-export.ts";
import { kernelFault } from "./kernel-faults.ts";
import { findPwmChannel, type PwmUse, sharedWith } from "./kernel-pwm-chips.ts";
import type { SysfsFile } from "./sysfs.ts";

/** 1 kHz: free of visible flicker, and slow enough for the kernel's timer. */
const PERIOD_NS = 1_000_000;
/** 100 ns each: all 256 levels of brightness stay apart, the darkest ones by four steps. */
export const PWM_STEPS = 10_000;
const STEP_NS = PERIOD_NS / PWM_STEPS;

/** One channel in use. */
export class KernelPwm {
  readonly pin: number;
  readonly steps = PWM_STEPS;
  /** The power that the pin had when it was opened first. */
  foundStep = 0;
  readonly #parts: KernelParts;
  readonly #use: PwmUse;
  readonly #ownerOf: (folder: string) => number | null;
  /** The channel's folder while it is open; its chip may come back under another number. */
  folder: string | null = null;
  #files: Files<"period" | "duty_cycle" | "enable"> | null = null;
  #isEnabled = false;

  /** @param ownerOf the pin that has the channel of a folder already: GPIO12 and GPIO18 share one, GPIO13 and GPIO19 another */
  constructor(parts: KernelParts, pin: number, use: PwmUse, ownerOf: (folder: string) => number | null) {
    this.#parts = parts;
    this.pin = pin;
    this.#use = use;
    this.#ownerOf = ownerOf;
  }

  /** Takes the channel and reads its power back; a pin that is dark stays as it is until the first step. */
  async open(): Promise<void> {
    const { chip, channel, folder } = findPwmChannel(this.#parts, this.pin, this.#use);
    const owner = this.#ownerOf(folder);
    if (owner !== null && owner !== this.pin) throw sharedWith(this.pin, owner);
    this.folder = folder;
    this.#files = await exportAndOpen(this.#parts, {
      pin: this.pin,
      exporter: `${chip}/export`,
      number: channel,
      folder,
      files: ["period", "duty_cycle", "enable"],
    });
    const { period, duty_cycle: duty, enable } = this.#files;
    const periodNs = Number(this.#read(period));
    const dutyNs = Number(this.#read(duty));
    this.#isEnabled = this.#read(enable) === "1";
    const power = this.#isEnabled && periodNs > 0 ? dutyNs / periodNs : 0;
    this.foundStep = Math.round(power * PWM_STEPS);
    if (this.#isEnabled && periodNs !== PERIOD_NS) this.#takeOurPeriod(Math.round(power * PERIOD_NS));
  }

  /** @throws DriverError when the kernel refuses */
  write(step: number): void {
    const { duty_cycle: duty, enable } = this.#opened;
    if (this.#isEnabled) {
      this.#write(duty, step * STEP_NS);
      return;
    }
    this.#takeOurPeriod(step * STEP_NS);
    this.#write(enable, 1);
    this.#isEnabled = true;
  }

  /** @throws DriverError when the channel does not answer */
  check(): void {
    this.#read(this.#opened.duty_cycle);
  }

  /** Lets go of the files. The channel stays exported, else the kernel could give the pin up and darken it. */
  release(): void {
    for (const file of Object.values(this.#files ?? {})) file.close();
    this.#files = null;
    this.folder = null;
  }

  /**
   * Takes our period with a new duty. The duty may at no moment be longer than the period, which the kernel refuses; and
   * when the new duty is the old power, no moment may be brighter, which a person would see. This order keeps both.
   */
  #takeOurPeriod(dutyNs: number): void {
    const { period, duty_cycle: duty } = this.#opened;
    const isDutyFirst = Number(this.#read(period)) > PERIOD_NS;
    if (isDutyFirst) this.#write(duty, dutyNs);
    this.#write(period, PERIOD_NS);
    // Before there is a period the kernel refuses every duty, even 0.
    if (!isDutyFirst) this.#write(duty, dutyNs);
  }

  get #opened() {
    if (this.#files !== null) return this.#files;
    throw kernelFault(this.pin, "its files under /sys are closed", "Wait until the driver has it back");
  }

  #read(file: SysfsFile): string {
    return useFile(this.#parts.sysfs, this.pin, file, (open) => open.read());
  }

  #write(file: SysfsFile, value: number): void {
    useFile(this.#parts.sysfs, this.pin, file, (open) => open.write(`${value}`));
  }
}
