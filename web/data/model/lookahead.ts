/** What a replay shows next: fetched in pieces ahead of its time, and put on the plots as its time passes. Made by `replay.ts`. */
import type { PointView } from "#protocol/recordings.ts";
import type { AskHistory } from "./history-client.ts";
import { COLUMNS, type Line, putSample } from "./plot-model.ts";

/** A piece lasts at least so long for the person who watches, ms. */
const PIECE_MS = 3_000;
/** Points of one answer, at most. */
const MOST_POINTS = 10_000;

export interface LookaheadParts {
  readonly lines: readonly Line[];
  readonly ask: AskHistory;
  /** How much is shown, ms. */
  readonly ms: number;
  /** Of the recording, ms since the epoch. */
  readonly end: number;
}

/** Points of one line, oldest first; `next` is the first that was not shown yet. */
interface Track {
  readonly line: Line;
  points: readonly PointView[];
  next: number;
}

export class Lookahead {
  readonly #parts: LookaheadParts;
  readonly #tracks: readonly Track[];
  #fetching: AbortController | null = null;
  /** Everything before is there, ms since the epoch. */
  fetched = 0;

  constructor(parts: LookaheadParts) {
    this.#parts = parts;
    this.#tracks = parts.lines.map((line) => ({ line, points: [], next: 0 }));
  }

  /** Forgets what it had, and fetches what begins there. */
  restart(from: number, speed: number): Promise<void> {
    this.close();
    for (const track of this.#tracks) Object.assign(track, { points: [], next: 0 });
    this.fetched = from;
    return this.#fetch(speed);
  }

  /** Puts on the plots what was measured until then, and sees that there is more before it is wanted. */
  show(until: number, speed: number): void {
    for (const track of this.#tracks) showTrack(track, until);
    const isNear = until > this.fetched - Math.max(this.#parts.ms, PIECE_MS * speed) / 2;
    // A piece that was not answered is asked for again at the next drawing.
    if (this.#fetching === null && this.fetched <= this.#parts.end && isNear) this.#fetch(speed).catch(() => {});
  }

  close(): void {
    this.#fetching?.abort();
    this.#fetching = null;
  }

  async #fetch(speed: number): Promise<void> {
    const { ask, ms, end } = this.#parts;
    const mine = new AbortController();
    this.#fetching = mine;
    const from = this.fetched;
    const to = Math.min(from + Math.max(ms, PIECE_MS * speed), end + 1);
    const points = Math.min(MOST_POINTS, Math.max(1, Math.ceil((COLUMNS * (to - from)) / ms)));
    try {
      const all = await Promise.all(
        this.#tracks.map(({ line: { device, property } }) => ask({ device, property, from, to, points }, mine.signal)),
      );
      if (this.#fetching === mine) this.#enter(all, to);
    } finally {
      if (this.#fetching === mine) this.#fetching = null;
    }
  }

  #enter(all: readonly (readonly PointView[])[], to: number): void {
    for (const [i, track] of this.#tracks.entries()) {
      track.points = [...track.points.slice(track.next), ...(all[i] ?? [])];
      track.next = 0;
    }
    this.fetched = to;
  }
}

function showTrack(track: Track, until: number): void {
  for (let point = track.points[track.next]; point !== undefined; point = track.points[track.next]) {
    const [time, min, max, , last] = point;
    if (time > until) return;
    for (const value of [min, max, last]) putSample(track.line, time, value);
    track.next += 1;
  }
}
