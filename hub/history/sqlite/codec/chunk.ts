/** Samples of one series as bytes: about two each for a sensor of a few decimals with a steady beat. Called by the SQLite history. */
import { SampleRun } from "../../sample-run.ts";
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

const SMALL_LEVEL = 6;
/** All flags are the same, or follow one by one. */
const ONE_FLAG = 0;
const MANY_FLAGS = 1;

const shared = new ByteWriter();

/** @param run sorted, not empty */
export function encodeChunk(run: SampleRun): Buffer {
  shared.take();
  writeRun(shared, run);
  return pack(shared.take(), SMALL_LEVEL);
}

/** @throws SyntaxError when it is damaged */
export function decodeChunk(blob: Uint8Array): SampleRun {
  return readRun(new ByteReader(unpack(blob)));
}

/** @param run sorted or not, not empty */
export function writeRun(writer: ByteWriter, run: SampleRun): void {
  const count = run.length;
  writer.unsigned(count);
  writeFlags(writer, run);
  writeTimes(writer, run.times.subarray(0, count));
  const others = new Float64Array(countOthers(run));
  let next = 0;
  for (let i = 0; i < count; i++) if (run.source(i) !== 0) others[next++] = run.other(i) - run.time(i);
  if (next > 0) writeTimes(writer, others);
  const values = run.values.subarray(0, count);
  const decimals = findDecimals(values);
  writeDecimals(writer, decimals);
  writeValues(writer, values, decimals);
}

export function readRun(reader: ByteReader): SampleRun {
  const count = reader.unsigned();
  const run = new SampleRun(0);
  run.length = count;
  run.flags = readFlags(reader, count);
  run.times = readTimes(reader, count);
  run.others = new Float64Array(count);
  const others = countOthers(run);
  if (others > 0) {
    const offsets = readTimes(reader, others);
    let next = 0;
    for (let i = 0; i < count; i++)
      if (run.source(i) !== 0) run.others[i] = roundMicro(run.time(i) + (offsets[next++] ?? 0));
  }
  run.values = readValues(reader, count, readDecimals(reader));
  return run;
}

function countOthers(run: SampleRun): number {
  let count = 0;
  for (let i = 0; i < run.length; i++) if (run.source(i) !== 0) count++;
  return count;
}

/** The sum of two times to the microsecond is one. */
function roundMicro(ms: number): number {
  return Number.isInteger(ms) ? ms : Math.round(ms * 1000) / 1000;
}

function writeFlags(writer: ByteWriter, run: SampleRun): void {
  const flags = run.flags.subarray(0, run.length);
  const first = flags[0] ?? 0;
  const isOne = flags.every((flag) => flag === first);
  writer.byte(isOne ? ONE_FLAG : MANY_FLAGS);
  if (isOne) writer.byte(first);
  else writer.bytes(flags);
}

function readFlags(reader: ByteReader, count: number): Uint8Array {
  if (reader.byte() === MANY_FLAGS) return reader.bytes(count).slice();
  return new Uint8Array(count).fill(reader.byte());
}
