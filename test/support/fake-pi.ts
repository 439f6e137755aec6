/** A Raspberry Pi as the kernel shows it under /sys: the header's chip, PWM overlays, and what its pins did over time. */
import type { Clock } from "#base/clock.ts";
import type { KernelParts } from "../../pi-agent/drivers/kernel-export.ts";
import { FakeSysfs } from "./fake-sysfs.ts";
import { addGpioChips, createGpioChip, type FakeGpioChip, type FakeLine, isLineHigh } from "./fake-sysfs-gpio.ts";
import { addPwmChip, createChip, type FakeChannel, type FakeChip, powerOfChannel } from "./fake-sysfs-pwm.ts";

const PINS = 28;

export interface FakePiOptions {
  readonly clock: Clock;
  readonly label?: string;
  /** The kernel's number of GPIO0. */
  readonly base?: number;
  readonly model?: string | null;
  readonly release?: string;
  readonly configLines?: readonly string[];
}

export class FakePi {
  readonly sysfs: FakeSysfs;
  readonly gpio: FakeGpioChip;
  readonly parts: KernelParts;
  /** Every power that a pin took, oldest first. */
  readonly history: { readonly pin: number; readonly power: number }[] = [];
  /** The pins that config.txt pulls up. */
  readonly #pulledUp: ReadonlySet<number>;
  readonly #channels = new Map<number, FakeChannel>();
  readonly #chips = new Map<string, FakeChip>();

  constructor(options: FakePiOptions) {
    const { clock, label = "pinctrl-bcm2711", base = 512, model = "Raspberry Pi 4 Model B Rev 1.4" } = options;
    const pulls = (options.configLines ?? []).map((line) => /^gpio=(\d+)=ip,pu$/.exec(line)?.[1]);
    this.#pulledUp = new Set(pulls.filter((pin) => pin !== undefined).map(Number));
    this.sysfs = new FakeSysfs(clock);
    this.gpio = createGpioChip(label, base, PINS, (pin, isHigh) => this.history.push({ pin, power: isHigh ? 1 : 0 }));
    for (const [pin] of this.gpio.lines.entries()) this.hold(pin, null);
    addGpioChips(this.sysfs, [createGpioChip("raspberrypi-exp-gpio", base + PINS, 8, () => {}), this.gpio]);
    // A chip that every Pi with the overlay of the fan has, and that no agent may touch.
    this.addChip(0, "/sys/devices/platform/soc/fe20c800.pwm", []);
    this.parts = {
      clock,
      sysfs: this.sysfs,
      release: options.release ?? "6.6.62+rpt-rpi-v8",
      model,
      bootConfig: { path: "/boot/firmware/config.txt", lines: options.configLines ?? [] },
    };
  }

  /** A PWM chip whose channels are on `pins`. */
  addChip(number: number, device: string, pins: readonly number[]): FakeChip {
    const chip = createChip(number, device, Math.max(pins.length, 2), (index, power) => {
      const pin = pins[index];
      if (pin !== undefined) this.history.push({ pin, power });
    });
    for (const [index, pin] of pins.entries()) {
      const channel = chip.channels[index];
      if (channel !== undefined) this.#channels.set(pin, channel);
    }
    this.#chips.set(device, chip);
    addPwmChip(this.sysfs, chip);
    return chip;
  }

  /** What `dtoverlay=pwm-gpio,gpio=PIN` makes; it takes the pin from everyone else. */
  addPwmGpio(pin: number, number = 1 + this.#chips.size): FakeChannel {
    const device = `/sys/devices/platform/pwm_gpio@${pin.toString(16)}`;
    const known = this.#chips.get(device);
    this.line(pin).takenBy = "pwm-gpio";
    if (known !== undefined) addPwmChip(this.sysfs, { ...known, number });
    else this.addChip(number, device, [pin]);
    return this.channel(pin);
  }

  /** The chip goes, as when its overlay is unloaded; the pin goes dark and its state is lost. */
  removePwmGpio(pin: number): void {
    const device = `/sys/devices/platform/pwm_gpio@${pin.toString(16)}`;
    const chip = this.#chips.get(device);
    if (chip === undefined) return;
    this.#chips.delete(device);
    this.#channels.delete(pin);
    this.line(pin).takenBy = null;
    for (const name of this.sysfs.list("class/pwm")) {
      if (this.sysfs.resolve(`class/pwm/${name}/device`) === device) this.sysfs.remove(`class/pwm/${name}`);
    }
  }

  channel(pin: number): FakeChannel {
    const channel = this.#channels.get(pin);
    if (channel === undefined) throw new Error(`GPIO${pin} has no PWM`);
    return channel;
  }

  line(pin: number): FakeLine {
    const line = this.gpio.lines[pin];
    if (line === undefined) throw new Error(`there is no GPIO${pin}`);
    return line;
  }

  /** Holds a pin that listens high or low; with null its pull has it. */
  hold(pin: number, high: boolean | null): void {
    this.line(pin).heard = high ?? this.#pulledUp.has(pin);
  }

  /** The power of a pin as the world sees it, 0 to 1. */
  powerOf(pin: number): number {
    const channel = this.#channels.get(pin);
    if (channel !== undefined) return powerOfChannel(channel);
    return isLineHigh(this.line(pin)) ? 1 : 0;
  }

  /** Every power that this pin took, oldest first. */
  powersOf(pin: number): readonly number[] {
    return this.history.filter((entry) => entry.pin === pin).map(({ power }) => power);
  }
}
