/** PWM chips in a fake /sys, with the rules of the kernel's drivers/pwm. Grown by fake-pi.ts. */
import { type FakeSysfs, failure, parseKernelNumber } from "./fake-sysfs.ts";

interface ChannelState {
  readonly period: number;
  readonly duty: number;
  readonly enabled: boolean;
  readonly polarity: "normal" | "inversed";
}

export interface FakeChannel {
  state: ChannelState;
  isExported: boolean;
  /** A part of the kernel that has it, as the fan of a Pi 5. */
  takenBy: string | null;
}

export interface FakeChip {
  readonly number: number;
  /** The folder of the device behind it: `/sys/devices/platform/pwm_gpio@15`. */
  readonly device: string;
  readonly channels: readonly FakeChannel[];
  /** Tells of every state that a channel takes. */
  readonly onChange: (channel: number, power: number) => void;
}

const UNUSED: ChannelState = { period: 0, duty: 0, enabled: false, polarity: "normal" };

export function createChip(number: number, device: string, channels: number, onChange: FakeChip["onChange"]): FakeChip {
  return {
    number,
    device,
    onChange,
    channels: Array.from({ length: channels }, () => ({ state: UNUSED, isExported: false, takenBy: null })),
  };
}

export function powerOfChannel({ state }: FakeChannel): number {
  return state.enabled ? state.duty / state.period : 0;
}

export function addPwmChip(sysfs: FakeSysfs, chip: FakeChip): void {
  const folder = `class/pwm/pwmchip${chip.number}`;
  sysfs.addLink(`${folder}/device`, chip.device);
  sysfs.add(`${folder}/npwm`, { show: () => `${chip.channels.length}` });
  sysfs.add(`${folder}/export`, { store: (text) => exportChannel(sysfs, folder, chip, parseKernelNumber(text)) });
  sysfs.add(`${folder}/unexport`, { store: (text) => unexportChannel(sysfs, folder, chip, parseKernelNumber(text)) });
}

function exportChannel(sysfs: FakeSysfs, folder: string, chip: FakeChip, index: number): void {
  const channel = chip.channels[index];
  if (channel === undefined) throw failure("ENODEV", folder);
  if (channel.isExported || channel.takenBy !== null) throw failure("EBUSY", folder);
  channel.isExported = true;
  addChannel(sysfs, `${folder}/pwm${index}`, channel, () => chip.onChange(index, powerOfChannel(channel)));
}

function unexportChannel(sysfs: FakeSysfs, folder: string, chip: FakeChip, index: number): void {
  const channel = chip.channels[index];
  if (channel === undefined || !channel.isExported) throw failure("ENODEV", folder);
  channel.isExported = false;
  sysfs.remove(`${folder}/pwm${index}`);
}

function addChannel(sysfs: FakeSysfs, folder: string, channel: FakeChannel, changed: () => void): void {
  function apply(change: Partial<ChannelState>): void {
    const next = { ...channel.state, ...change };
    if (next.period === 0 || next.duty > next.period) throw failure("EINVAL", folder);
    channel.state = next;
    changed();
  }

  sysfs.add(`${folder}/period`, {
    show: () => `${channel.state.period}`,
    store: (text) => apply({ period: parseKernelNumber(text) }),
  });
  sysfs.add(`${folder}/duty_cycle`, {
    show: () => `${channel.state.duty}`,
    store: (text) => apply({ duty: parseKernelNumber(text) }),
  });
  sysfs.add(`${folder}/enable`, {
    show: () => (channel.state.enabled ? "1" : "0"),
    store: (text) => {
      const value = parseKernelNumber(text);
      if (value > 1) throw failure("EINVAL", folder);
      apply({ enabled: value === 1 });
    },
  });
  sysfs.add(`${folder}/polarity`, {
    show: () => channel.state.polarity,
    store: (text) => {
      const polarity = text.trim();
      if (polarity !== "normal" && polarity !== "inversed") throw failure("EINVAL", folder);
      apply({ polarity });
    },
  });
}
