/** How often a device beats, learned from its beats (protocol 6.1): pure, times in monotonic ms. `presence.ts` asks it. */

/** What teaches the beat. Reports do only as long as no heartbeat was ever sent or declared. */
export type BeatKind = "heartbeat" | "report";

export interface LearnedBeat {
  readonly kind: BeatKind;
  /** 0 while unknown: until enough intervals were alike. */
  readonly meanMs: number;
  /** The largest deviation from the mean lately: rises at once, fades slowly. */
  readonly jitterMs: number;
  /** How many intervals the mean stands for, up to `MEMORY`. */
  readonly weight: number;
  /** What `hello` declared; null when nothing. */
  readonly declaredMs: number | null;
  readonly lastAt: number | null;
  /** The last intervals in a row that do not fit the mean. */
  readonly strangers: readonly number[];
  /** How much the intervals of late speak against there being a beat. */
  readonly doubt: number;
}

/** Intervals that the mean goes back. */
const MEMORY = 16;
/** What a declared beat weighs, in intervals. */
const STARTING_WEIGHT = 8;
/** The part of its jitter that a beat forgets with each interval. */
const JITTER_FADES = 1 / 64;
/** The jitter of a beat, as part of it: at first, and at most. */
const FIRST_JITTER = 0.1;
const MOST_JITTER = 0.25;
/** An interval beyond these parts of the mean is a lost beat, a burst, or another beat. */
const SHORTEST_FIT = 0.5;
const LONGEST_FIT = 1.5;
/** Beats this close are one, a burst after a hiccup of the network: a quarter of the beat, within these bounds. */
const LEAST_BURST_MS = 50;
const MOST_BURST_MS = 250;
/** Intervals in a row that make a beat, when they are alike: events that merely happen make reports too. */
const ALIKE_FIRST: Readonly<Record<BeatKind, number>> = { heartbeat: 2, report: 3 };
const ALIKE_OTHER = 3;
/** How far two intervals of one beat may differ, as part of the longer: just over ±20 %. */
const ALIKE = 0.35;
/** Reports that came by chance at a beat are found out when two thirds of their intervals do not fit for a while. */
const DOUBT_OF_STRANGER = 2;
const MOST_DOUBT = 8;

const NONE: readonly number[] = [];

/** The beat that `hello` declared. One declared again keeps what was learned since. */
export function declaredBeat(beat: LearnedBeat | null, declaredMs: number): LearnedBeat {
  if (beat?.declaredMs === declaredMs) return beat;
  const lastAt = beat?.kind === "heartbeat" ? beat.lastAt : null;
  const jitterMs = FIRST_JITTER * declaredMs;
  return { ...unknown("heartbeat"), meanMs: declaredMs, jitterMs, weight: STARTING_WEIGHT, declaredMs, lastAt };
}

/** The device beat at `now`. */
export function taughtBeat(beat: LearnedBeat | null, now: number, kind: BeatKind): LearnedBeat {
  if (beat === null || (beat.kind === "report" && kind === "heartbeat")) return { ...unknown(kind), lastAt: now };
  if (beat.kind !== kind) return beat;
  if (beat.lastAt === null) return { ...beat, lastAt: now };
  const interval = now - beat.lastAt;
  if (interval < burstMs(beat)) return beat;
  return fits(beat, interval) ? followed(beat, interval, now) : { ...considered(beat, interval), lastAt: now };
}

function unknown(kind: BeatKind): LearnedBeat {
  return { kind, meanMs: 0, jitterMs: 0, weight: 0, declaredMs: null, lastAt: null, strangers: [], doubt: 0 };
}

function burstMs({ meanMs }: LearnedBeat): number {
  return meanMs === 0 ? MOST_BURST_MS : Math.min(Math.max(meanMs / 4, LEAST_BURST_MS), MOST_BURST_MS);
}

function fits({ meanMs }: LearnedBeat, interval: number): boolean {
  return interval >= SHORTEST_FIT * meanMs && interval <= LONGEST_FIT * meanMs;
}

function followed(beat: LearnedBeat, interval: number, now: number): LearnedBeat {
  const error = interval - beat.meanMs;
  const weight = Math.min(beat.weight + 1, MEMORY);
  const meanMs = beat.meanMs + error / weight;
  const jitterMs = Math.min(Math.max(Math.abs(error), beat.jitterMs * (1 - JITTER_FADES)), MOST_JITTER * meanMs);
  return { ...beat, meanMs, jitterMs, weight, strangers: NONE, doubt: Math.max(beat.doubt - 1, 0), lastAt: now };
}

/** A lost beat teaches nothing; several strangers alike in a row are how the device beats now. */
function considered(beat: LearnedBeat, interval: number): LearnedBeat {
  const needed = beat.meanMs === 0 ? ALIKE_FIRST[beat.kind] : ALIKE_OTHER;
  const strangers = [...beat.strangers, interval].slice(-needed);
  if (strangers.length === needed && areAlike(strangers)) {
    const meanMs = strangers.reduce((sum, one) => sum + one, 0) / needed;
    return { ...beat, meanMs, jitterMs: FIRST_JITTER * meanMs, weight: needed, strangers: [], doubt: 0 };
  }
  const doubt = beat.doubt + DOUBT_OF_STRANGER;
  if (beat.kind === "report" && doubt >= MOST_DOUBT) return { ...unknown("report"), strangers };
  return { ...beat, strangers, doubt: Math.min(doubt, MOST_DOUBT) };
}

function areAlike(intervals: readonly number[]): boolean {
  const longest = Math.max(...intervals);
  return longest - Math.min(...intervals) <= ALIKE * longest;
}
