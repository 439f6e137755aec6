/** All recordings: who belongs to which, and what is noted of them. Called by the stores, which keep what it holds; pure, told the time. */
import { PharosError } from "#protocol/errors.ts";
import { HISTORY_LIMITS } from "./history-limits.ts";
import type { Marker, Recording, RecordingChange, RecordingStart, Span } from "./store.ts";

/** As it lasts: without what follows from the rest. */
export type StoredRecording = Omit<Recording, "lengthMs">;

/** As a file has it. */
export interface KeptRecording extends StoredRecording {
  /** Of one that runs and has come further than the clock: where it ends just now. */
  readonly reached?: number;
}

/** Half the step of times: what ends so much later has its end in it. */
export const HALF_STEP_MS = 0.0005;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export class RecordingBook {
  readonly #recordings = new Map<string, Writable<StoredRecording>>();
  /** Those that changed since `takeChanged`. */
  readonly #changed = new Set<string>();
  /** Where those that run end just now: it never goes back but when the clock was set. */
  readonly #reached = new Map<string, number>();
  #next = 1;

  get runs(): boolean {
    return this.running().length > 0;
  }

  /** All that were kept; called once, at first. @param next number of the next one, so that none is used twice */
  load(recordings: readonly KeptRecording[], next: number): void {
    for (const { reached, ...recording } of recordings) {
      this.#recordings.set(recording.id, recording);
      if (reached !== undefined) this.#reached.set(recording.id, reached);
    }
    this.#next = next;
  }

  get next(): number {
    return this.#next;
  }

  /** Those to be written, and whose rows are to go. */
  takeChanged(now: number): { readonly put: readonly KeptRecording[]; readonly removed: readonly string[] } {
    // By a step too small to be noted the clock may stand before what is in them: only their rows can tell the next hub.
    const further = this.running().filter(({ id }) => this.#isFurther(id, now));
    const ids = [...new Set([...this.#changed, ...further.map(({ id }) => id)])];
    this.#changed.clear();
    return {
      put: ids.flatMap((id) => this.#keep(id, now) ?? []),
      removed: ids.filter((id) => !this.#recordings.has(id)),
    };
  }

  /** They could not be written. */
  putBack(ids: readonly string[]): void {
    for (const id of ids) this.#changed.add(id);
  }

  get hasChanged(): boolean {
    return this.#changed.size > 0;
  }

  /** @throws PharosError TOO_MANY */
  start({ name, devices, intervalMs, by }: RecordingStart, now: number): StoredRecording {
    if (this.#recordings.size >= HISTORY_LIMITS.recordings) {
      throw new PharosError("TOO_MANY", `There are ${HISTORY_LIMITS.recordings} recordings: delete some first.`);
    }
    const id = String(this.#next++);
    const recording: StoredRecording = {
      id,
      name: checkText(name, HISTORY_LIMITS.nameLength, "name"),
      notes: "",
      by,
      devices: devices === undefined ? null : [...new Set(devices)],
      intervalMs: intervalMs ?? null,
      startedAt: now,
      stoppedAt: null,
      spans: [{ from: now, to: null }],
      markers: [],
      samples: 0,
      deletedAt: null,
    };
    this.#put(recording);
    return recording;
  }

  /** As if it had never been started. */
  forget(id: string): void {
    this.#recordings.delete(id);
    this.#reached.delete(id);
    this.#changed.add(id);
  }

  stop(id: string, now: number): void {
    const recording = this.find(id);
    if (recording.stoppedAt !== null) return;
    this.#put({ ...recording, stoppedAt: now, spans: closeSpans(recording.spans, this.reach(id, now)) });
  }

  change(id: string, { name, notes }: RecordingChange): void {
    const recording = { ...this.find(id) };
    if (name !== undefined) recording.name = checkText(name, HISTORY_LIMITS.nameLength, "name");
    if (notes !== undefined) recording.notes = checkText(notes, HISTORY_LIMITS.notesLength, "notes");
    this.#put(recording);
  }

  /** @throws PharosError TOO_MANY */
  mark(id: string, text: string, by: string, at: number): void {
    const recording = this.find(id);
    if (recording.markers.length >= HISTORY_LIMITS.markers) {
      throw new PharosError("TOO_MANY", `A recording has at most ${HISTORY_LIMITS.markers} markers.`);
    }
    const number = 1 + Math.max(0, ...recording.markers.map((marker) => marker.id));
    const marker: Marker = { id: number, at, text: checkText(text, HISTORY_LIMITS.markerLength, "marker"), by };
    this.#put({ ...recording, markers: [...recording.markers, marker].sort((a, b) => a.at - b.at || a.id - b.id) });
  }

  unmark(id: string, marker: number): void {
    const recording = this.find(id);
    this.#put({ ...recording, markers: recording.markers.filter((one) => one.id !== marker) });
  }

  remove(id: string, now: number): void {
    this.stop(id, now);
    const recording = this.find(id);
    if (recording.deletedAt === null) this.#put({ ...recording, deletedAt: now });
  }

  restore(id: string): void {
    this.#put({ ...this.find(id), deletedAt: null });
  }

  /** Forgets those that were deleted before `time`. */
  purge(time: number): void {
    for (const { id, deletedAt } of [...this.#recordings.values()]) {
      if (deletedAt !== null && deletedAt < time) this.forget(id);
    }
  }

  /** The hub is back: what ran goes on. @returns their names */
  resume(aliveAt: number, now: number): readonly string[] {
    return this.running().map(({ id, name }) => {
      this.#note(id, `The hub was down from ${isoTime(aliveAt)} to ${isoTime(now)}.`, now);
      if (now < aliveAt) this.#cut(id, aliveAt, now);
      return name;
    });
  }

  /** The hub's clock was set, from `before` to `after`. */
  noteClock(before: number, after: number): void {
    for (const { id } of this.running()) {
      this.#cut(id, before, after);
      this.#note(id, `The clock of the hub was set from ${isoTime(before)} to ${isoTime(after)}.`, after);
    }
  }

  running(): readonly StoredRecording[] {
    return [...this.#recordings.values()].filter(({ stoppedAt }) => stoppedAt === null);
  }

  /** @throws PharosError NOT_FOUND, as all that takes an id */
  find(id: string): StoredRecording {
    const recording = this.#recordings.get(id);
    if (recording === undefined) throw new PharosError("NOT_FOUND", "There is no such recording.");
    return recording;
  }

  /** Those to which samples of the device with times from `first` to `last` may belong. */
  *touching(device: string, first: number, last: number): Iterable<StoredRecording> {
    for (const recording of this.#recordings.values()) {
      if (isMember(recording, device) && recording.spans.some((span) => touches(span, first, last))) yield recording;
    }
  }

  /** So many more samples belong to it. */
  add(id: string, samples: number): void {
    const recording = this.find(id);
    if (samples !== 0) this.#put({ ...recording, samples: recording.samples + samples });
  }

  /** Where one that runs ends, if this is its end. */
  reach(id: string, now: number): number {
    const reached = Math.max(now, this.#reached.get(id) ?? now);
    this.#reached.set(id, reached);
    return reached;
  }

  /** Stretches that belong to recordings which may still be restored. */
  keptSpans(device: string): readonly Span[] {
    return [...this.#recordings.values()].flatMap((one) => (isMember(one, device) ? one.spans : []));
  }

  /** @throws PharosError NOT_FOUND */
  get(id: string, now: number): Recording {
    const recording = this.find(id);
    return { ...recording, lengthMs: lengthOf(recording.spans, now) };
  }

  /** Newest first. */
  list(now: number, deleted: boolean): readonly Recording[] {
    return [...this.#recordings.values()]
      .filter(({ deletedAt }) => (deletedAt !== null) === deleted)
      .sort((a, b) => Number(b.id) - Number(a.id))
      .map((recording) => ({ ...recording, lengthMs: lengthOf(recording.spans, now) }));
  }

  #keep(id: string, now: number): KeptRecording | undefined {
    const [recording, reached] = [this.#recordings.get(id), this.#reached.get(id)];
    const tells = recording?.stoppedAt === null && reached !== undefined && this.#isFurther(id, now);
    return tells ? { ...recording, reached } : recording;
  }

  #isFurther(id: string, now: number): boolean {
    return (this.#reached.get(id) ?? now) > now;
  }

  #note(id: string, text: string, at: number): void {
    if (this.find(id).markers.length < HISTORY_LIMITS.markers) this.mark(id, text, "hub", at);
  }

  #cut(id: string, end: number, start: number): void {
    const recording = this.find(id);
    this.#put({
      ...recording,
      spans: [...closeSpans(recording.spans, this.reach(id, end)), { from: start, to: null }],
    });
    this.#reached.delete(id);
  }

  #put(recording: StoredRecording): void {
    this.#recordings.set(recording.id, recording);
    this.#changed.add(recording.id);
  }
}

export function isMember({ devices }: Pick<Recording, "devices">, device: string): boolean {
  return devices === null || devices.includes(device);
}

/** As they are when one that goes on ends there. */
export function endedSpans(
  spans: readonly Span[],
  end: number,
): ReadonlyArray<{ readonly from: number; readonly to: number }> {
  return spans.map(({ from, to }) => ({ from, to: to ?? end }));
}

/** In order of time, those that meet as one. */
export function unionOf(spans: readonly Span[]): ReadonlyArray<{ readonly from: number; readonly to: number }> {
  const union: Array<{ from: number; to: number }> = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const end = to ?? Number.POSITIVE_INFINITY;
    const before = union.at(-1);
    if (before !== undefined && from <= before.to) before.to = Math.max(before.to, end);
    else union.push({ from, to: end });
  }
  return union;
}

export function isInside(spans: readonly Span[], time: number): boolean {
  return spans.some((span) => touches(span, time, time));
}

export function touches({ from, to }: Span, first: number, last: number): boolean {
  return last >= from && first <= (to ?? Number.POSITIVE_INFINITY);
}

function closeSpans(spans: readonly Span[], end: number): readonly Span[] {
  const to = Math.round(end * 1000) / 1000;
  return spans.map((span) => (span.to === null ? { from: span.from, to: Math.max(span.from, to) } : span));
}

function lengthOf(spans: readonly Span[], now: number): number {
  return spans.reduce((sum, { from, to }) => sum + Math.max(0, (to ?? now) - from), 0);
}

/** Text of a person, cut to what is kept. @throws PharosError BAD_REQUEST */
function checkText(text: string, most: number, what: string): string {
  if (text.length > most) throw new PharosError("BAD_REQUEST", `The ${what} has at most ${most} characters.`);
  return text;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
