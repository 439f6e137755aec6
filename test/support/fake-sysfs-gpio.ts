/** GPIO chips in a fake /sys, with the rules of the kernel's drivers/gpio/gpiolib-sysfs.c. Grown by fake-pi.ts. */
import { type FakeSysfs, failure } from "./fake-sysfs.ts";

export interface FakeLine {
  isOutput: boolean;
  /** What it gives as an output. */
  isHigh: boolean;
  /** What it hears as an input: of a button, or of its pull. */
  heard: boolean;
  isActiveLow: boolean;
  isExported: boolean;
  /** A driver or a program that has it by another way. */
  takenBy: string | null;
}

export interface FakeGpioChip {
  readonly label: string;
  readonly base: number;
  readonly lines: readonly FakeLine[];
  /** Tells of every state that a line takes. */
  readonly onChange: (line: number, isHigh: boolean) => void;
}

export function createGpioChip(
  label: string,
  base: number,
  count: number,
  onChange: FakeGpioChip["onChange"],
): FakeGpioChip {
  const lines = Array.from({ length: count }, () => ({
    isOutput: false,
    isHigh: false,
    heard: false,
    isActiveLow: false,
    isExported: false,
    takenBy: null,
  }));
  return { label, base, lines, onChange };
}

export function isLineHigh({ isOutput, isHigh, heard }: FakeLine): boolean {
  return isOutput ? isHigh : heard;
}

/** Adds `class/gpio` with these chips. */
export function addGpioChips(sysfs: FakeSysfs, chips: readonly FakeGpioChip[]): void {
  for (const { label, base, lines } of chips) {
    const folder = `class/gpio/gpiochip${base}`;
    sysfs.add(`${folder}/label`, { show: () => label });
    sysfs.add(`${folder}/base`, { show: () => `${base}` });
    sysfs.add(`${folder}/ngpio`, { show: () => `${lines.length}` });
  }
  sysfs.add("class/gpio/export", { store: (text) => exportLine(sysfs, chips, parseLong(text)) });
  sysfs.add("class/gpio/unexport", { store: (text) => unexportLine(sysfs, chips, parseLong(text)) });
}

function find(chips: readonly FakeGpioChip[], number: number): { readonly line: FakeLine; changed(): void } {
  for (const { base, lines, onChange } of chips) {
    const line = lines[number - base];
    if (line !== undefined) return { line, changed: () => onChange(number - base, isLineHigh(line)) };
  }
  throw failure("EINVAL", `${number}`);
}

function exportLine(sysfs: FakeSysfs, chips: readonly FakeGpioChip[], number: number): void {
  const { line, changed } = find(chips, number);
  if (line.isExported || line.takenBy !== null) throw failure("EBUSY", `${number}`);
  line.isExported = true;
  addLine(sysfs, `class/gpio/gpio${number}`, line, changed);
}

/** The chip makes a line that is given up an input. */
function unexportLine(sysfs: FakeSysfs, chips: readonly FakeGpioChip[], number: number): void {
  const { line, changed } = find(chips, number);
  if (!line.isExported) throw failure("EINVAL", `${number}`);
  Object.assign(line, { isExported: false, isOutput: false });
  sysfs.remove(`class/gpio/gpio${number}`);
  changed();
}

function addLine(sysfs: FakeSysfs, folder: string, line: FakeLine, changed: () => void): void {
  function take(state: Partial<FakeLine>): void {
    Object.assign(line, state);
    changed();
  }

  sysfs.add(`${folder}/direction`, {
    show: () => (line.isOutput ? "out" : "in"),
    store: (text) => {
      const word = text.trim();
      if (word === "high") take({ isOutput: true, isHigh: true });
      else if (word === "low" || word === "out") take({ isOutput: true, isHigh: false });
      else if (word === "in") take({ isOutput: false });
      else throw failure("EINVAL", folder);
    },
  });
  sysfs.add(`${folder}/value`, {
    show: () => (isLineHigh(line) !== line.isActiveLow ? "1" : "0"),
    store: (text) => {
      if (!line.isOutput) throw failure("EPERM", folder);
      take({ isHigh: (parseLong(text) !== 0) !== line.isActiveLow });
    },
  });
  sysfs.add(`${folder}/active_low`, {
    show: () => (line.isActiveLow ? "1" : "0"),
    store: (text) => take({ isActiveLow: parseLong(text) !== 0 }),
  });
  sysfs.add(`${folder}/edge`, { show: () => "none", store: () => {} });
}

/** As the kernel's kstrtol. */
function parseLong(text: string): number {
  if (!/^[+-]?(0x[0-9a-f]+|\d+)\n?$/i.test(text)) throw failure("EINVAL", text);
  return Number(text.trim());
}
