/**
 * Whether a device is there, judged by its own beat: a pure state machine, inputs with times in, changes out (protocol 6.1).
 * Times are monotonic ms, so that a clock that jumps changes nothing. The flows feed it and tell what it says.
 */
import type { Presence, PresenceReason } from "#protocol/views.ts";
import { type BeatKind, declaredBeat, type LearnedBeat, taughtBeat } from "./learned-beat.ts";

export type { BeatKind };

export interface PresenceState {
  readonly presence: Presence;
  readonly reason: PresenceReason;
  readonly isConnected: boolean;
  /** For a device that disconnects between beats: only beats count. */
  readonly sleeps: boolean;
  readonly beat: LearnedBeat | null;
  /** The last inbound data frame; null before the first connection. A pong is none: a library answers for a program that hangs. */
  readonly lastFrame: number | null;
  /** When the connection closed last; null while there is one. */
  readonly closedAt: number | null;
}

/** Silence, from the last frame, that makes a device late and offline. */
export interface SilenceLimits {
  readonly lateMs: number;
  readonly offlineMs: number;
}

/** A shorter beat is judged as one of this length, so that no device is late within 1 s. */
const SHORTEST_JUDGED_MS = 500;
/** By what a device without connection is judged until its beat is known (HTTP, `sleeps`). */
const UNCONNECTED_BEAT_MS = 60_000;
/** What timers and networks may add to any beat. */
const SLACK_MS = 100;
/** Two beats late by their jitter each, and half as much again since the jitter is only what was seen. */
const JITTERS_TILL_LATE = 3;

/** A device that never was here. */
export const ABSENT: PresenceState = {
  presence: "offline",
  reason: "closed",
  isConnected: false,
  sleeps: false,
  beat: null,
  lastFrame: null,
  closedAt: null,
};

/** A connection opened, perhaps in place of another. */
export function connected(state: PresenceState, now: number): PresenceState {
  const next = { ...state, isConnected: true, lastFrame: now, closedAt: null };
  if (state.presence === "online" && state.sleeps) return next;
  return { ...next, presence: "online", reason: reasonOfArrival(state, now) };
}

/** The connection closed: offline at once, unless the device sleeps between its beats. */
export function closed(state: PresenceState, now: number, reason: PresenceReason): PresenceState {
  const next = { ...state, isConnected: false, closedAt: now };
  const stays = state.presence === "offline" || (state.sleeps && reason !== "shutdown");
  return stays ? next : { ...next, presence: "offline", reason };
}

/** `hello` said how the device beats. @param heartbeatMs the starting value of what is learned */
export function declared(state: PresenceState, heartbeatMs: number | undefined, sleeps: boolean): PresenceState {
  const beat = heartbeatMs === undefined ? state.beat : declaredBeat(state.beat, heartbeatMs);
  return { ...state, sleeps, beat };
}

/** Any inbound data frame proves life. */
export function heard(state: PresenceState, now: number): PresenceState {
  const next = { ...state, lastFrame: now };
  return state.presence === "online" ? next : { ...next, presence: "online", reason: "connected" };
}

/** A frame that also teaches the beat: a heartbeat, or a live report; never a duplicate or a backfill. */
export function beaten(state: PresenceState, now: number, kind: BeatKind): PresenceState {
  const beat = taughtBeat(state.beat, now, kind);
  const next = { ...state, lastFrame: now, beat };
  return state.presence === "online" ? next : { ...next, presence: "online", reason: "connected" };
}

/** Time went by, and silence is judged. @returns the same object when nothing changed */
export function judged(state: PresenceState, now: number): PresenceState {
  const limits = silenceLimits(state);
  if (limits === null || state.lastFrame === null || state.presence === "offline") return state;
  const silence = now - state.lastFrame;
  if (silence >= limits.offlineMs) return { ...state, presence: "offline", reason: "silent" };
  if (silence >= limits.lateMs && state.presence === "online") return { ...state, presence: "late", reason: "silent" };
  return state;
}

/** When `judged` says something new if nothing is heard; null when silence means nothing now. */
export function nextJudgement(state: PresenceState): number | null {
  const limits = silenceLimits(state);
  if (limits === null || state.lastFrame === null || state.presence === "offline") return null;
  return state.lastFrame + (state.presence === "online" ? limits.lateMs : limits.offlineMs);
}

/**
 * Two and three of its beats. One beat counts as missed when its jitter has passed as well, so that a single lost beat
 * alarms nobody. Null for a connected device without a beat: its door closes it when pings go unanswered.
 */
export function silenceLimits(state: PresenceState): SilenceLimits | null {
  const known = state.beat?.meanMs || (state.isConnected ? 0 : UNCONNECTED_BEAT_MS);
  if (known === 0) return null;
  const beatMs = Math.max(known, SHORTEST_JUDGED_MS);
  const lateMs = 2 * beatMs + JITTERS_TILL_LATE * (state.beat?.jitterMs ?? 0) + SLACK_MS;
  return { lateMs, offlineMs: 3 * beatMs + SLACK_MS };
}

/** Within one beat of its close it is the same one, come back: some clients drop and redial at once (protocol 6.1). */
function reasonOfArrival(state: PresenceState, now: number): PresenceReason {
  if (state.isConnected) return "replaced";
  if (state.reason !== "closed" || state.closedAt === null || state.beat === null) return "connected";
  return now - state.closedAt <= state.beat.meanMs ? "reconnected" : "connected";
}
