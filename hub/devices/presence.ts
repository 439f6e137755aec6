/**
 * Whether a device is there, from its own beat: a pure state machine, inputs with times in, changes out (protocol 6.1).
 * Times are monotonic ms, so that a clock that jumps changes nothing. `flow/` feeds it and tells what it says.
 */
import type { Presence, PresenceReason } from "#protocol/views.ts";

/** What teaches the beat. Reports do only as long as no heartbeat was ever sent or declared. */
export type BeatKind = "heartbeat" | "report";

export interface PresenceState {
  readonly presence: Presence;
  readonly reason: PresenceReason;
  readonly isConnected: boolean;
  /** For a device that disconnects between beats: only beats count. */
  readonly sleeps: boolean;
  readonly beat: Beat | null;
  /** The last inbound frame; null before the first connection. */
  readonly lastFrame: number | null;
  /** When the connection closed last. */
  readonly closedAt: number | null;
}

/** The learned beat: mean and mean deviation of its intervals, as RFC 6298 learns a round trip. */
export interface Beat {
  readonly kind: BeatKind;
  readonly meanMs: number;
  readonly deviationMs: number;
  readonly lastAt: number | null;
  /** Intervals in a row that do not fit the mean: three alike are a new beat. */
  readonly strangers: readonly number[];
}

/** A beat is at least this long before silence is judged by it (protocol 6.1: at least 1 s). */
const MIN_JUDGED_MS = 1_000;
/** What timers and networks add to any beat. */
const SLACK_MS = 200;
const GAIN_MEAN = 1 / 8;
const GAIN_DEVIATION = 1 / 4;
/** Intervals beyond these parts of the mean are not its jitter. */
const STRANGE_ABOVE = 1.6;
const STRANGE_BELOW = 0.4;
const NEW_BEAT_AFTER = 3;
const ALIKE = 0.35;

export const ABSENT: PresenceState = {
  presence: "offline",
  reason: "closed",
  isConnected: false,
  sleeps: false,
  beat: null,
  lastFrame: null,
  closedAt: null,
};

/** A connection opened. Within one beat of the last close it is the same one, come back (protocol 6.1). */
export function connected(state: PresenceState, now: number): PresenceState {
  const isReturn = state.closedAt !== null && state.beat !== null && now - state.closedAt <= state.beat.meanMs;
  const reason = isReturn ? "reconnected" : "connected";
  return { ...state, presence: "online", reason, isConnected: true, lastFrame: now, closedAt: null };
}

/** The connection closed: offline at once, unless the device sleeps between its beats. */
export function closed(state: PresenceState, now: number, reason: PresenceReason): PresenceState {
  const next = { ...state, isConnected: false, closedAt: now };
  return state.sleeps ? next : { ...next, presence: "offline", reason };
}

/** `hello` declared a beat, the starting value of what is learned. */
export function declared(state: PresenceState, heartbeatMs: number | undefined, sleeps: boolean): PresenceState {
  if (heartbeatMs === undefined) return { ...state, sleeps };
  const lastAt = state.beat?.kind === "heartbeat" ? state.beat.lastAt : null;
  const learned = state.beat?.kind === "heartbeat" && isAlike(state.beat.meanMs, heartbeatMs) ? state.beat : null;
  const beat: Beat = learned ?? {
    kind: "heartbeat",
    meanMs: heartbeatMs,
    deviationMs: heartbeatMs / 10,
    lastAt,
    strangers: [],
  };
  return { ...state, sleeps, beat };
}

/** Any inbound frame proves life. */
export function heard(state: PresenceState, now: number): PresenceState {
  const next = { ...state, lastFrame: now };
  return state.presence === "online" ? next : { ...next, presence: "online", reason: "connected" };
}

/** A frame that also teaches the beat. */
export function beaten(state: PresenceState, now: number, kind: BeatKind): PresenceState {
  return { ...heard(state, now), beat: learn(state.beat, now, kind) };
}

/** Time went by. Silence is judged by the beat; a device that never beats stays what its connection says. */
export function judged(state: PresenceState, now: number): PresenceState {
  const limits = silenceLimits(state);
  if (limits === null || state.lastFrame === null || state.presence === "offline") return state;
  const silence = now - state.lastFrame;
  if (silence >= limits.offlineMs) return { ...state, presence: "offline", reason: "silent" };
  if (silence >= limits.lateMs && state.presence === "online") return { ...state, presence: "late", reason: "silent" };
  return state;
}

/** When `judged` may say something new; null when silence means nothing now. */
export function nextJudgement(state: PresenceState): number | null {
  const limits = silenceLimits(state);
  if (limits === null || state.lastFrame === null || state.presence === "offline") return null;
  return state.lastFrame + (state.presence === "online" ? limits.lateMs : limits.offlineMs);
}

/** Silence that makes a device late, and offline: two and three of its beats. Jitter that was seen delays `late` only. */
export function silenceLimits(state: PresenceState): { lateMs: number; offlineMs: number } | null {
  const { beat } = state;
  // One heartbeat is no beat yet, and says nothing of silence.
  if (beat === null || beat.meanMs === 0 || (beat.lastAt === null && !state.isConnected)) return null;
  const mean = Math.max(beat.meanMs, MIN_JUDGED_MS);
  const offlineMs = 3 * mean + SLACK_MS;
  return { lateMs: Math.min(2 * mean + 4 * beat.deviationMs + SLACK_MS, offlineMs - mean / 4), offlineMs };
}

function learn(beat: Beat | null, now: number, kind: BeatKind): Beat | null {
  if (beat === null || (beat.kind === "report" && kind === "heartbeat"))
    return { kind, meanMs: 0, deviationMs: 0, lastAt: now, strangers: [] };
  if (beat.kind === "heartbeat" && kind === "report") return beat;
  if (beat.lastAt === null) return { ...beat, lastAt: now };
  const interval = now - beat.lastAt;
  if (beat.meanMs === 0) return { ...beat, meanMs: interval, deviationMs: interval / 10, lastAt: now };
  return isStrange(beat, interval) ? consider(beat, interval, now) : follow(beat, interval, now);
}

function isStrange({ meanMs }: Beat, interval: number): boolean {
  return interval > STRANGE_ABOVE * meanMs || interval < STRANGE_BELOW * meanMs;
}

function follow(beat: Beat, interval: number, now: number): Beat {
  const error = interval - beat.meanMs;
  const deviationMs = beat.deviationMs + GAIN_DEVIATION * (Math.abs(error) - beat.deviationMs);
  return { ...beat, meanMs: beat.meanMs + GAIN_MEAN * error, deviationMs, lastAt: now, strangers: [] };
}

/** A missed beat or a burst teaches nothing; several alike in a row are how the device beats now. */
function consider(beat: Beat, interval: number, now: number): Beat {
  const strangers = [...beat.strangers, interval].slice(-NEW_BEAT_AFTER);
  const mean = strangers.reduce((sum, one) => sum + one, 0) / strangers.length;
  if (strangers.length < NEW_BEAT_AFTER || !strangers.every((one) => isAlike(one, mean)))
    return { ...beat, lastAt: now, strangers };
  return { ...beat, meanMs: mean, deviationMs: mean / 10, lastAt: now, strangers: [] };
}

function isAlike(a: number, b: number): boolean {
  return Math.abs(a - b) <= ALIKE * Math.max(a, b);
}
