/**
 * Pins that are on, off or listening, through /sys/class/gpio. A pin keeps its level after the process; pulls are what
 * config.txt says (`pullLine`), because these files have none. Used by kernel.ts.
 */
import type { DriverError } from "./driver.ts";
import { exportAndOpen, type Files, type KernelParts, useFile } from "./kernel-export.ts";
import { explain, kernelFault } from "./kernel-faults.ts";
import { isGpioPwm } from "./kernel-pwm-chips.ts";
import { codeOf, readValue, type Sysfs, type SysfsFile } from "./sysfs.ts";

const CLASS = "class/gpio";
export const GPIO_EXPORT = `${CLASS}/export`;
/** The chip of the header: Raspberry Pi 0 to 3, 4, 5. */
const LABELS: readonly string[] = ["pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1"];

/**
 * Finds the kernel's number of the header's GPIO0; it is 0 on an old kernel, 512 or 571 on others.
 * @throws DriverError when there is no header
 */
export function findGpioBase(sysfs: Sysfs, pin: number): number {
  const chips = sysfs.has(CLASS) ? sysfs.list(CLASS).filter((name) => name.startsWith("gpiochip")) : [];
  for (const name of chips) {
    const chip = `${CLASS}/${name}`;
    try {
      if (LABELS.includes(readValue(sysfs, `${chip}/label`))) return Number(readValue(sysfs, `${chip}/base`));
    } catch (error) {
      throw explain(sysfs, pin, chip, error);
    }
  }
  const reason = sysfs.has(CLASS)
    ? "no chip here has the pins of a Raspberry Pi"
    : `there is no ${sysfs.root}/${CLASS}`;
  throw kernelFault(pin, reason, "Use a Raspberry Pi with its own kernel, or pigpiod");
}

/** What appears when a line is exported; `number` is the kernel's. */
export function gpioFolder(number: number): string {
  return `${CLASS}/gpio${number}`;
}

/** One line in use. */
export class KernelGpio {
  readonly pin: number;
  readonly steps = 1;
  /** 1 when the pin was an output and high when it was opened first. */
  foundStep = 0;
  readonly #parts: KernelParts;
  #files: Files<"direction" | "value" | "active_low"> | null = null;
  #isOutput = false;

  constructor(parts: KernelParts, pin: number) {
    this.#parts = parts;
    this.pin = pin;
  }

  /** Takes the line as it is and reads its level back; nothing changes on the pin. */
  async open(): Promise<void> {
    this.#files = await this.#export();
    const { direction, value, active_low: activeLow } = this.#files;
    // Somebody may have asked the kernel to call low high; the files would then not say what the pin does.
    if (this.#read(activeLow) !== "0") this.#write(activeLow, "0");
    this.#isOutput = this.#read(direction) === "out";
    this.foundStep = this.#isOutput && this.#read(value) === "1" ? 1 : 0;
  }

  /** Makes the pin listen. @throws DriverError when the kernel refuses */
  listen(): void {
    if (this.#isOutput) this.#write(this.#opened.direction, "in");
    this.#isOutput = false;
  }

  /** @throws DriverError when the kernel refuses */
  write(step: number): void {
    if (this.#isOutput) {
      this.#write(this.#opened.value, `${step}`);
      return;
    }
    // Direction and level in one, so that the pin is never the other.
    this.#write(this.#opened.direction, step === 1 ? "high" : "low");
    this.#isOutput = true;
  }

  /** Whether the pin is high. @throws DriverError when the line does not answer */
  read(): boolean {
    return this.#read(this.#opened.value) === "1";
  }

  /** @throws DriverError when the line does not answer */
  check(): void {
    this.read();
  }

  /** Lets go of the files. The line stays exported, else the kernel makes it an input. */
  release(): void {
    for (const file of Object.values(this.#files ?? {})) file.close();
    this.#files = null;
  }

  async #export(): Promise<Files<"direction" | "value" | "active_low">> {
    const { sysfs } = this.#parts;
    const number = findGpioBase(sysfs, this.pin) + this.pin;
    try {
      return await exportAndOpen(this.#parts, {
        pin: this.pin,
        exporter: GPIO_EXPORT,
        number,
        folder: gpioFolder(number),
        files: ["direction", "value", "active_low"],
      });
    } catch (error) {
      throw codeOf(error instanceof Error ? error.cause : null) === "EBUSY" ? usedBySomeone(sysfs, this.pin) : error;
    }
  }

  get #opened() {
    if (this.#files !== null) return this.#files;
    throw kernelFault(this.pin, "its files under /sys are closed", "Wait until the driver has it back");
  }

  #read(file: SysfsFile): string {
    return useFile(this.#parts.sysfs, this.pin, file, (open) => open.read());
  }

  #write(file: SysfsFile, value: string): void {
    useFile(this.#parts.sysfs, this.pin, file, (open) => open.write(value));
  }
}

/** The line is requested already, and not through these files. */
export function usedBySomeone(sysfs: Sysfs, pin: number): DriverError {
  return isGpioPwm(sysfs, pin)
    ? kernelFault(
        pin,
        "the overlay pwm-gpio has this pin",
        "Use it as a light, or take its line out of config.txt and restart the Pi",
      )
    : kernelFault(
        pin,
        "another program or driver has this pin (EBUSY)",
        "See which with: sudo gpioinfo; end it, or choose another pin",
      );
}
