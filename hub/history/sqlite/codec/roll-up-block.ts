/** Roll-ups as bytes: about ten each. Called by the SQLite history. */
import { boundedMean, RollUps } from "../../roll-ups.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import {
  findDecimals,
  readDecimals,
  readTimes,
  readValues,
  writeDecimals,
  writeTimes,
  writeValues,
} from "./columns.ts";
import { pack, unpack } from "./packing.ts";

const LEVEL = 6;
/** A mean is stored as its place between min and max, in three bytes: nearer than any eye or screen. */
const MEAN_STEPS = 2 ** 24 - 1;
const COLUMN = { lastTime: 0, count: 1, min: 2, max: 3, mean: 4, last: 5 } as const;

const shared = new ByteWriter();

/** @param entries not empty */
export function encodeRollUps(entries: RollUps): Buffer {
  shared.take();
  const [min, max, last] = [entries.column(COLUMN.min), entries.column(COLUMN.max), entries.column(COLUMN.last)];
  shared.unsigned(entries.length);
  writeTimes(shared, entries.column(COLUMN.lastTime));
  writeValues(shared, entries.column(COLUMN.count), 0);
  const decimals = findDecimals(min, max, last);
  writeDecimals(shared, decimals);
  writeValues(shared, min, decimals);
  writeValues(shared, max, decimals, min);
  writeValues(shared, last, decimals, min);
  writeMeans(shared, entries.column(COLUMN.mean), min, max);
  return pack(shared.take(), LEVEL);
}

/** @throws SyntaxError when it is damaged */
export function decodeRollUps(blob: Uint8Array): RollUps {
  const reader = new ByteReader(unpack(blob));
  const length = reader.unsigned();
  const times = readTimes(reader, length);
  const counts = readValues(reader, length, 0);
  const decimals = readDecimals(reader);
  const mins = readValues(reader, length, decimals);
  const maxs = readValues(reader, length, decimals, mins);
  const lasts = readValues(reader, length, decimals, mins);
  const entries = new RollUps(length);
  for (let i = 0; i < length; i++) {
    const [min = 0, max = 0, last = 0, count = 0] = [mins[i], maxs[i], lasts[i], counts[i]];
    entries.push({ lastTime: times[i] ?? 0, count, min, max, mean: readMean(reader, min, max), last });
  }
  return entries;
}

function writeMeans(writer: ByteWriter, means: Float64Array, mins: Float64Array, maxs: Float64Array): void {
  for (let i = 0; i < means.length; i++) {
    const [mean = 0, min = 0, max = 0] = [means[i], mins[i], maxs[i]];
    const place = max > min ? (mean - min) / (max - min) : 0;
    const step = Number.isFinite(place) ? Math.round(place * MEAN_STEPS) : MEAN_STEPS >> 1;
    writer.byte(step >> 16);
    writer.byte((step >> 8) & 255);
    writer.byte(step & 255);
  }
}

function readMean(reader: ByteReader, min: number, max: number): number {
  const step = (reader.byte() << 16) | (reader.byte() << 8) | reader.byte();
  const place = step / MEAN_STEPS;
  return boundedMean(min * (1 - place) + max * place, min, max);
}
