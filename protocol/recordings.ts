/** Recordings: what is asked of them, and how pages and REST show them (protocol 7.6, 7.7). */
import * as z from "zod";
import { deviceId } from "./names.ts";

/** A stretch of time, ms since the epoch; `to` is null while it goes on. */
export interface SpanView {
  readonly from: number;
  readonly to: number | null;
}

export interface MarkerView {
  readonly id: number;
  readonly at: number;
  readonly text: string;
  /** Who placed it: `page`, `rest`; `hub` for what the hub noted by itself. */
  readonly by: string;
}

/** A recording as pages and REST show it. Times in ms since the epoch. */
export interface RecordingView {
  readonly id: string;
  readonly name: string;
  readonly notes: string;
  /** Who started it: `page`, `rest`, or `text` and the device that said `START`. */
  readonly by: string;
  /** Null: all. */
  readonly devices: readonly string[] | null;
  /** How often devices were asked to sample; null: as they like. */
  readonly intervalMs: number | null;
  readonly startedAt: number;
  /** Null while it runs. */
  readonly stoppedAt: number | null;
  /** More than one when the hub's clock was set meanwhile. */
  readonly spans: readonly SpanView[];
  readonly markers: readonly MarkerView[];
  readonly samples: number;
  readonly lengthMs: number;
  /** When it was deleted; it can be restored for a while. Else null. */
  readonly deletedAt: number | null;
}

/** Whether the hub records now; the same for everyone. */
export interface AcquisitionView {
  /** Newest first. Counts are those of the last change, and of the markers only the last 20 are here. */
  readonly running: readonly RecordingView[];
  /** Counts up with each change of any recording: who shows a list of them asks for it anew. */
  readonly revision: number;
}

/** `[time, min, max, mean, last]` of all samples between its time and that of the next point; true counts 1, false 0. */
export type PointView = readonly [time: number, min: number, max: number, mean: number, last: number];

const name = z.string().trim().min(1).max(200);
const markerText = z.string().trim().min(1).max(500);
const recordingId = z.string().min(1).max(16);
const time = z.number().int().min(0).max(4.1e12);

/** Body of `POST /api/acquisition/start`, which may be absent. */
export const startRecordingRequest = z
  .object({
    name: name.optional(),
    /** Which devices are recorded; all, unless stated. */
    devices: z.array(deviceId).min(1).max(1_000).optional(),
    /** How often devices that sample are asked to, ms. */
    intervalMs: z.number().int().min(1).max(3_600_000).optional(),
  })
  .strict()
  .default({});
export type StartRecordingRequest = z.infer<typeof startRecordingRequest>;

/** Body of `POST /api/acquisition/stop`, which may be absent: with an `id` only that recording is stopped. */
export const stopRecordingRequest = z.object({ id: recordingId.optional() }).strict().default({});

/** Body of `POST /api/recordings/ID/markers`; `at` is now unless stated, ms since the epoch. */
export const postMarker = z.object({ text: markerText, at: time.optional() }).strict();

/** What a page asks when somebody marks a moment of what runs. */
export const markRequest = z.object({ recording: recordingId, text: markerText, at: time.optional() });

/** Body of `PATCH /api/recordings/ID`. */
export const patchRecording = z.object({ name: name.optional(), notes: z.string().max(10_000).optional() }).strict();
