/** A recording played: its time runs as fast as wished, and what it measured comes as it came. A session that `board.ts` shows. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { RecordingView } from "#protocol/recordings.ts";
import { type BeforeParts, lookBefore } from "./before.ts";
import type { PlotSpec } from "./catalog.ts";
import { Lookahead } from "./lookahead.ts";
import { COLUMNS, createModels, linesOf, type PlotModel } from "./plot-model.ts";
import type { Session } from "./session.ts";

export const SPEEDS = [1, 2, 5, 10, 20, 50, 100] as const;

export interface Replay extends Session {
  readonly recording: RecordingView;
  readonly start: number;
  readonly end: number;
  /** Where it is, ms since the epoch; renewed with each drawing. */
  readonly at: ReadonlySignal<number>;
  readonly isPlaying: ReadonlySignal<boolean>;
  readonly speed: ReadonlySignal<number>;
  play(): void;
  pause(): void;
  setSpeed(speed: number): void;
  /** Goes to another moment, and shows what was before it. */
  seek(at: number): void;
}

export interface ReplayBegin {
  /** Ms since the epoch; null: its start. */
  readonly at: number | null;
  readonly speed: number;
  /** As soon as there is something to show. */
  readonly isPlaying: boolean;
}

export interface ReplayParts extends BeforeParts {
  readonly recording: RecordingView;
  readonly specs: readonly PlotSpec[];
  /** How much is shown, ms. */
  readonly ms: number;
  readonly begin: ReplayBegin;
  /** A clock that is never set, ms. */
  monotonic(): number;
  /** The hub's clock: the end of one that still runs. */
  now(): number;
}

export function createReplay(parts: ReplayParts): Replay {
  const { recording, specs, ms, ask, begin, monotonic, now } = parts;
  const start = recording.spans[0]?.from ?? recording.startedAt;
  const end = Math.max(start + 1, recording.spans.at(-1)?.to ?? recording.stoppedAt ?? now());
  // What is measured this very moment has its column, too.
  const models = createModels(specs, start - ms, ms, (2 * ms) / COLUMNS);
  const lines = linesOf(models);
  const ahead = new Lookahead({ lines, ask, ms, end });
  const at = signal(start);
  const isPlaying = signal(false);
  const speed = signal<number>(begin.speed);
  let last = monotonic();
  let looking = new AbortController();

  /** Time goes on, but not beyond what is there. */
  function advance(): void {
    const passed = monotonic() - last;
    last += passed;
    const wished = at.peek() + passed * speed.peek();
    if (isPlaying.peek()) at.value = Math.min(wished, end, Math.max(at.peek(), ahead.fetched));
    for (const { columns } of models) columns.moveTo(at.peek() - ms);
    ahead.show(at.peek(), speed.peek());
    if (at.peek() >= end) isPlaying.value = false;
  }

  async function seek(to: number): Promise<void> {
    at.value = Math.min(Math.max(to, start), end);
    for (const model of models) forget(model, at.peek() - ms);
    const from = at.peek() - ms;
    looking.abort();
    looking = new AbortController();
    const { signal: mine } = looking;
    await ahead.restart(Math.max(start, from), speed.peek());
    if (mine.aborted) return;
    ahead.show(at.peek(), speed.peek());
    lookBefore(lines, { from, ms, since: start }, parts, mine).catch(() => {});
  }

  function play(): void {
    if (at.peek() >= end) seek(start).catch(() => {});
    last = monotonic();
    isPlaying.value = true;
  }

  const ready = seek(begin.at ?? start).then(() => {
    if (begin.isPlaying) play();
  });
  return {
    ...{ recording, models, start, end, at, isPlaying, speed, ready },
    range() {
      advance();
      return [at.peek() - ms, at.peek()];
    },
    play,
    pause: () => {
      isPlaying.value = false;
    },
    setSpeed: (to) => {
      speed.value = to;
    },
    seek: (to) => {
      seek(to).catch(() => {});
    },
    close() {
      looking.abort();
      ahead.close();
    },
  };
}

function forget(model: PlotModel, from: number): void {
  model.columns.clear(from);
  model.latest.fill(null);
  model.isChanged = true;
}
