// biome-ignore-all lint/suspicious/noShadowRestrictedNames: this file stands in for the standard library.
/**
 * What Espruino 2v29 on an ESP32 has, and nothing more: this is the whole library the client is checked against, so a
 * call of what the interpreter lacks (`Array.from`, `Number.isFinite`, `Promise.finally`, …) does not compile.
 */

interface Boolean {
  valueOf(): boolean;
}
interface CallableFunction extends Function {}
interface NewableFunction extends Function {}
interface IArguments {
  readonly length: number;
}
interface RegExp {
  test(text: string): boolean;
}
interface Function {
  bind(self: unknown, ...args: unknown[]): Function;
  call(self: unknown, ...args: unknown[]): unknown;
}
interface Object {
  hasOwnProperty(name: string): boolean;
}
interface Number {
  toFixed(digits: number): string;
  toString(radix?: number): string;
}
interface String {
  readonly length: number;
  charAt(index: number): string;
  charCodeAt(index: number): number;
  indexOf(part: string, from?: number): number;
  startsWith(part: string): boolean;
  endsWith(part: string): boolean;
  slice(from: number, to?: number): string;
  split(separator: string): string[];
  toUpperCase(): string;
  trim(): string;
}
interface Array<T> {
  length: number;
  push(...items: T[]): number;
  forEach(each: (item: T, index: number) => void): void;
  [index: number]: T;
}
declare class Float64Array {
  /** Zeros; a few variables for all of them. */
  constructor(length: number);
  [index: number]: number;
}
interface Error {
  readonly message: string;
}

type Record<K extends string, V> = { [P in K]: V };

declare const Object: { keys(of: object): string[] };
declare const JSON: { parse(text: string): unknown; stringify(value: unknown): string };
declare const Math: {
  random(): number;
  round(x: number): number;
  floor(x: number): number;
  min(a: number, b: number): number;
  max(a: number, b: number): number;
  pow(x: number, y: number): number;
};

declare function print(...what: unknown[]): void;
declare function setTimeout(run: () => void, ms: number): number;
/** `clearTimeout(undefined)` throws, and without an argument it stops every timer. */
declare function clearTimeout(id: number): void;
/** Seconds, with a fraction; jumps when the time is set. */
declare function getTime(): number;
/** The MAC address of the chip in hexadecimal. */
declare function getSerial(): string;

declare class Pin {
  private readonly pin: number;
}
/** The same pin as D2 on an ESP32. */
declare const LED1: Pin;
/** @param level 0 to 1 */
declare function analogWrite(pin: Pin, level: number, options?: { freq: number }): void;

/** @param pin its number; only 32 to 39 have an ADC that works beside the Wi-Fi @returns 0 to 1, in 4,096 steps */
declare function analogRead(pin: number): number;

declare const E: {
  srand(seed: number): void;
  /** Resets the board when it has not been idle for `seconds`. */
  enableWatchdog(seconds: number, auto: boolean): void;
};
declare const process: {
  memory(): { readonly free: number; readonly blocksize: number };
};
/** Bluetooth; absent in firmware without it. */
declare const NRF: { sleep(): void } | undefined;
