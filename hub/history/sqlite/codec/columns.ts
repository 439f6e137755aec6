/** Columns of numbers in few bytes: times as differences from a steady beat, values as differences of decimals. Called by the codecs of chunks and roll-ups. */
import { type ByteReader, type ByteWriter, MAX_SIGNED } from "./bytes.ts";

const MICRO = 1000;
/** Decimals of what a sensor says; what needs more is stored as it is. */
const MAX_DECIMALS = 6;
const AS_FLOATS = 255;
const POWERS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];
const FLOAT_BYTES = 8;

/** Times in ms, to the microsecond. */
export function writeTimes(writer: ByteWriter, times: Float64Array): void {
  const scale = times.every(Number.isInteger) ? 1 : MICRO;
  writer.byte(scale === 1 ? 0 : 1);
  const count = times.length;
  const first = toUnits(times[0] ?? 0, scale);
  const last = toUnits(times[count - 1] ?? 0, scale);
  const beat = count > 1 ? Math.round((last - first) / (count - 1)) : 0;
  writer.float(first);
  writer.signed(beat);
  let before = first;
  for (let i = 1; i < count; i++) {
    const now = toUnits(times[i] ?? 0, scale);
    writer.signed(now - before - beat);
    before = now;
  }
}

export function readTimes(reader: ByteReader, count: number): Float64Array {
  const scale = reader.byte() === 0 ? 1 : MICRO;
  const times = new Float64Array(count);
  let now = reader.float();
  const beat = reader.signed();
  times[0] = now / scale;
  for (let i = 1; i < count; i++) {
    now += beat + reader.signed();
    times[i] = now / scale;
  }
  return times;
}

function toUnits(time: number, scale: number): number {
  return scale === 1 ? time : Math.round(time * scale);
}

/**
 * Values as differences from the one before, or from that of the same index in `base`, which was written before.
 * @param decimals of `findDecimals`; null for floats
 */
export function writeValues(
  writer: ByteWriter,
  values: Float64Array,
  decimals: number | null,
  base?: Float64Array,
): void {
  if (decimals === null) {
    writeFloats(writer, values);
    return;
  }
  const factor = POWERS[decimals] ?? 1;
  let before = 0;
  for (let i = 0; i < values.length; i++) {
    const now = Math.round((values[i] ?? 0) * factor);
    const from = base === undefined ? before : Math.round((base[i] ?? 0) * factor);
    writer.signed(now - from);
    before = now;
  }
}

export function readValues(
  reader: ByteReader,
  count: number,
  decimals: number | null,
  base?: Float64Array,
): Float64Array {
  if (decimals === null) return readFloats(reader, count);
  const factor = POWERS[decimals] ?? 1;
  const values = new Float64Array(count);
  let now = 0;
  for (let i = 0; i < count; i++) {
    now = (base === undefined ? now : Math.round((base[i] ?? 0) * factor)) + reader.signed();
    values[i] = factor === 1 ? now : now / factor;
  }
  return values;
}

/** How many decimals write every value exactly; null if too many. */
export function findDecimals(...columns: readonly Float64Array[]): number | null {
  let decimals = 0;
  for (const values of columns) {
    for (const value of values) {
      while (!isDecimal(value, POWERS[decimals] ?? 1)) if (++decimals > MAX_DECIMALS) return null;
    }
  }
  // More decimals make larger numbers: those before the one that needed them have to fit too.
  const factor = POWERS[decimals] ?? 1;
  return columns.every((values) => values.every((value) => isDecimal(value, factor))) ? decimals : null;
}

function isDecimal(value: number, factor: number): boolean {
  const whole = Math.round(value * factor);
  return whole / factor === value && whole < MAX_SIGNED / 2 && whole > -MAX_SIGNED / 2;
}

export function writeDecimals(writer: ByteWriter, decimals: number | null): void {
  writer.byte(decimals ?? AS_FLOATS);
}

export function readDecimals(reader: ByteReader): number | null {
  const decimals = reader.byte();
  if (decimals === AS_FLOATS) return null;
  if (decimals > MAX_DECIMALS) throw new SyntaxError("values of a kind that is not known");
  return decimals;
}

/** First bytes first: those of neighbours are alike, and what is alike gets packed. */
function writeFloats(writer: ByteWriter, values: Float64Array): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const planes = new Uint8Array(bytes.length);
  for (let i = 0; i < values.length; i++) {
    for (let k = 0; k < FLOAT_BYTES; k++) planes[k * values.length + i] = bytes[i * FLOAT_BYTES + k] ?? 0;
  }
  writer.bytes(planes);
}

function readFloats(reader: ByteReader, count: number): Float64Array {
  const planes = reader.bytes(count * FLOAT_BYTES);
  const values = new Float64Array(count);
  const bytes = new Uint8Array(values.buffer);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < FLOAT_BYTES; k++) bytes[i * FLOAT_BYTES + k] = planes[k * count + i] ?? 0;
  }
  return values;
}
