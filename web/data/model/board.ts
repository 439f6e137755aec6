/** The plots that are shown now: one session at a time, and the one before stays on the screen until the next has something to show. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { PlotSpec } from "./catalog.ts";
import { createReplay, type Replay, type ReplayBegin } from "./replay.ts";
import { type LiveParts, openLive, openStill, type Session } from "./session.ts";
import { recordingOf, type View } from "./view.ts";

export interface BoardParts extends LiveParts {
  monotonic(): number;
}

export interface Board {
  /** Null before the first. */
  readonly session: ReadonlySignal<Session | null>;
  /** Of the recording that is played, else null. */
  readonly replay: ReadonlySignal<Replay | null>;
  readonly isLoading: ReadonlySignal<boolean>;
  /** Why there is nothing to show, as a sentence; else null. */
  readonly fault: ReadonlySignal<string | null>;
  show(specs: readonly PlotSpec[], view: View): void;
  close(): void;
}

export function createBoard(parts: BoardParts): Board {
  const session = signal<Session | null>(null);
  const replay = signal<Replay | null>(null);
  const isLoading = signal(false);
  const fault = signal<string | null>(null);
  let next: Session | null = null;

  function open(specs: readonly PlotSpec[], view: View): Session {
    if (view.kind === "live") return openLive(specs, view.ms, parts);
    if (view.kind === "still") return openStill(specs, { ...view, since: beginningOf(view) }, parts);
    return createReplay({ ...parts, specs, ms: view.ms, recording: view.recording, begin: beginOf(view.recording.id) });
  }

  /** A replay plays at once; of the same recording it goes on as it went, with other plots or another window. */
  function beginOf(recording: string): ReplayBegin {
    const before = replay.peek();
    if (before?.recording.id !== recording) return { at: null, speed: 1, isPlaying: true };
    return { at: before.at.peek(), speed: before.speed.peek(), isPlaying: before.isPlaying.peek() };
  }

  /** @param made the session that was asked for last */
  async function enter(made: Session): Promise<void> {
    try {
      await made.ready;
      if (next === made) fault.value = null;
    } catch (error) {
      if (next === made) fault.value = (error as Error).message;
    }
    if (next !== made) return;
    isLoading.value = false;
    session.peek()?.close();
    session.value = made;
    next = null;
  }

  function close(): void {
    next?.close();
    session.peek()?.close();
    next = null;
    session.value = null;
    replay.value = null;
  }

  return {
    session,
    replay,
    isLoading,
    fault,
    close,
    show(specs, view) {
      next?.close();
      next = open(specs, view);
      isLoading.value = true;
      replay.value = view.kind === "replay" ? (next as Replay) : null;
      void enter(next);
    },
  };
}

/** Nothing older belongs to what is shown. Ms since the epoch. */
function beginningOf(view: View): number {
  const recording = recordingOf(view);
  return recording === null ? 0 : (recording.spans[0]?.from ?? recording.startedAt);
}
