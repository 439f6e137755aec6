/**
 * Everything that was ever measured: an interface with one contract suite, so that nothing above knows SQLite.
 * Samples are put without waiting and go to disk together; everything else is asked and answered later, so that long work never holds the hub up.
 */
/** One number or boolean of one property. */
export interface Sample {
  readonly device: string;
  /** With its field, if it is one of an object: `accel.x`. */
  readonly property: string;
  readonly value: number | boolean;
  /** When it was measured by the hub's clock, as well as the hub knows: its arrival, or the device's own time corrected. Ms since the epoch. */
  readonly at: number;
  /** The device's own time, as it said it: ms since the epoch, or of its own counter (protocol 1.2). */
  readonly deviceTime?: number;
  /** The device's clock is known to be wrong: the sample is kept under `at`, as with a counter. */
  readonly clock?: "off";
}

/** Of all samples between its time and that of the next point: `[time, min, max, mean, last]`; true counts 1, false 0. */
export type Point = readonly [time: number, min: number, max: number, mean: number, last: number];

export interface Question {
  readonly device: string;
  readonly property: string;
  /** Ms since the epoch, inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** The most points of the answer. */
  readonly points: number;
}

export interface SeriesInfo {
  readonly device: string;
  readonly property: string;
  /** Of all that can be shown, roll-ups included; ms since the epoch. */
  readonly first: number;
  readonly last: number;
  /** Samples kept at full rate. */
  readonly samples: number;
}

/** A stretch of time, both ends included; `to` is null while it goes on. */
export interface Span {
  readonly from: number;
  readonly to: number | null;
}

export interface Marker {
  readonly id: number;
  readonly at: number;
  readonly text: string;
  /** Who placed it; `hub` for what the hub noted by itself. */
  readonly by: string;
}

/** All samples of its devices in its spans belong to it, also those that arrive later. */
export interface Recording {
  readonly id: string;
  readonly name: string;
  readonly notes: string;
  readonly by: string;
  /** Null: all. */
  readonly devices: readonly string[] | null;
  readonly intervalMs: number | null;
  readonly startedAt: number;
  /** Null while it runs. */
  readonly stoppedAt: number | null;
  /** More than one when the hub's clock was set meanwhile. */
  readonly spans: readonly Span[];
  readonly markers: readonly Marker[];
  /** Values that its file has now; a row has one for each property that came together. */
  readonly samples: number;
  /** Sum of its spans. */
  readonly lengthMs: number;
  /** When it was deleted; until it is purged it can be restored. */
  readonly deletedAt: number | null;
}

export interface RecordingStart {
  readonly name: string;
  /** All, unless stated. */
  readonly devices?: readonly string[];
  readonly intervalMs?: number;
  readonly by: string;
}

export interface RecordingChange {
  readonly name?: string;
  readonly notes?: string;
}

/** One line of an export: what a device said at one time. */
export interface Row {
  /** By it rows are sorted: the device's time where that is an epoch time, else the hub's. */
  readonly time: number;
  readonly at: number;
  readonly deviceTime: number | null;
  readonly device: string;
  readonly values: { readonly [property: string]: number | boolean };
}

export interface HistoryUsage {
  /** Bytes in use in the file, and how many of them its free pages are. */
  readonly bytes: number;
  readonly freeBytes: number;
  readonly capBytes: number;
  /** Samples kept at full rate. */
  readonly samples: number;
}

export interface HistoryStore {
  /**
   * Opens the store; called once, before anything else. A recording that ran goes on, with a marker.
   * @throws StartError when the file is damaged, foreign, newer than this version, in use, or cannot be written
   */
  open(): Promise<void>;
  /**
   * Puts a sample, without waiting; lost if put within the last second before a crash. One with a device time that is already stored is dropped
   * silently (protocol 4.3).
   * @returns false when it was not taken, because the queue is full or the sample has no finite number and time
   */
  append(sample: Sample): boolean;
  /** How full the queue is, 0 to 1. */
  readonly pressure: number;
  /** Samples that found no room since the start. */
  readonly dropped: number;
  /**
   * Resolves when all that was put before is on disk.
   * @throws PharosError STORAGE when it cannot be written; it is still kept, and written when it can
   */
  committed(): Promise<void>;
  query(question: Question): Promise<readonly Point[]>;
  /** The `ms` up to the newest sample of a series, however old that is; oldest first. */
  latest(question: { device: string; property: string; ms: number; points: number }): Promise<readonly Point[]>;
  /** Sorted by device, then property. */
  listSeries(): Promise<readonly SeriesInfo[]>;
  /** Forgets a device, but for what belongs to recordings. */
  removeDevice(device: string): Promise<void>;

  /** @throws PharosError STORAGE when it cannot be written */
  startRecording(start: RecordingStart): Promise<Recording>;
  /** Stops it; one that is stopped is left as it is. @throws PharosError NOT_FOUND, as all below */
  stopRecording(id: string): Promise<Recording>;
  /** Newest first. */
  listRecordings(options?: { readonly deleted: boolean }): Promise<readonly Recording[]>;
  getRecording(id: string): Promise<Recording>;
  changeRecording(id: string, change: RecordingChange): Promise<Recording>;
  /** @param marker `at` is now unless stated */
  addMarker(id: string, marker: { text: string; by: string; at?: number }): Promise<Recording>;
  removeMarker(id: string, marker: number): Promise<Recording>;
  /** Deletes it, after stopping it; it can be restored for as long as the settings say. */
  removeRecording(id: string): Promise<Recording>;
  restoreRecording(id: string): Promise<Recording>;
  /** All rows, oldest first, in pieces; from `from` on, if stated. What is put meanwhile may be missing. */
  readRows(id: string, from?: number): AsyncIterable<readonly Row[]>;
  /** RFC 4180, with a line of names; in pieces. */
  exportCsv(id: string): AsyncIterable<string>;
  /** One JSON object a line; in pieces. */
  exportNdjson(id: string): AsyncIterable<string>;

  usage(): Promise<HistoryUsage>;
  /** False while the disk takes nothing. */
  readonly isWritable: boolean;
  /** Called when `isWritable` changes; `fault` says why it is false, as a sentence. */
  onHealth(listener: (isWritable: boolean, fault: string | null) => void): void;
  /** Called with a sentence for the log: what the disk cap took, a recording that went on. */
  onNotice(listener: (sentence: string) => void): void;
  /** Writes what is left and lets go of the file. What is put later is lost. */
  close(): Promise<void>;
}
