/** The form in which samples pass between the threads: numbers, so that they are handed over and not copied. Read by both sides. */

/** Numbers of a sample: series × `FLAGS` + flags, time, other time, value. */
export const BATCH_COLUMNS = 4;
export const FLAGS = 8;

/** A series by its number, as samples in a batch call it. */
export interface SeriesName {
  readonly number: number;
  readonly device: string;
  readonly property: string;
}
