/** Waits and bounds of the history that no user needs to turn, and those that he may; units in the names. */

const DAY_MS = 86_400_000;

/** How long what is kept, and how much of it. */
export interface HistorySettings {
  readonly rawMs: number;
  readonly tenSecondsMs: number;
  readonly minuteMs: number;
  readonly hourMs: number;
  /** Bytes that the file may use; recordings are kept beyond it. */
  readonly capBytes: number;
  /** How long a deleted recording can be restored. */
  readonly undoMs: number;
}

export const DEFAULT_SETTINGS: HistorySettings = {
  rawMs: 7 * DAY_MS,
  tenSecondsMs: 31 * DAY_MS,
  minuteMs: 366 * DAY_MS,
  hourMs: 3_653 * DAY_MS,
  capBytes: 4 * 1024 ** 3,
  undoMs: DAY_MS,
};

export const HISTORY_LIMITS = {
  /** Samples that may wait for the disk: 32 bytes each. */
  queueSamples: 1_000_000,
  /** Samples that go to the worker together. */
  batchSamples: 8_192,
  series: 100_000,
  /** How long samples stay uncommitted: a crash loses at most a second, with room for a busy moment. */
  commitMs: 800,
  /** The same while a recording runs. */
  recordingCommitMs: 250,
  /** Commits are synced to the disk itself at least so often; those of a recording always. */
  syncMs: 10_000,
  retryFirstMs: 500,
  retryMaxMs: 10_000,
  /** Points of one answer. */
  points: 10_000,
  /** A question is answered from raw samples up to so many of them. */
  rawSamples: 200_000,
  /** Rows of an export that are in memory at once, about. */
  exportSamples: 20_000,
  recordings: 10_000,
  markers: 10_000,
  nameLength: 200,
  notesLength: 10_000,
  markerLength: 500,
  /** A step of the hub's wall clock beyond this is a clock that was set. */
  clockStepMs: 1_000,
  /** How long the wall clock must run steadily before anything is deleted for its age. */
  steadyMs: 3_600_000,
  /** How often old samples are looked for. */
  retentionMs: 600_000,
  /** The longest that upkeep runs in one piece. */
  sliceMs: 20,
} as const;
