/** Keeps the address and what the plots show the same: links work, and Back works. Made by the data room. */
import { batch, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import type { RecordingView } from "#protocol/recordings.ts";
import type { Router } from "../../model/router.ts";
import { type PlotView, recordingOf, type View } from "./view.ts";
import { addressOf, isSameStand, type Stand, standIn, standOf, viewOf, wishedIn } from "./wished.ts";

/** A recording that cannot be shown, or no longer. */
export interface Gone {
  /** Of the one that was shown; null when there was none at the address. */
  readonly name: string | null;
}

export interface ViewAddressParts {
  readonly router: Router;
  readonly view: PlotView;
  /** Counts up with each change of any recording. */
  readonly revision: ReadonlySignal<number>;
  recordings(): Promise<readonly RecordingView[]>;
  /** The hub's clock, ms. */
  now(): number;
}

export class ViewAddress {
  readonly #parts: ViewAddressParts;
  readonly #isFinding: Signal<boolean>;
  readonly #notice = signal<Gone | null>(null);
  /** What the address and the plots agreed on last. */
  #shown: View;
  /** Counts what was asked for: an answer for what is no longer wanted is dropped. */
  #asked = 0;

  constructor(parts: ViewAddressParts) {
    this.#parts = parts;
    this.#shown = parts.view.view.peek();
    this.#isFinding = signal(standIn(parts.router.query.peek()).recording !== null);
  }

  /** The recording of the address is looked for: nothing is shown yet. */
  get isFinding(): ReadonlySignal<boolean> {
    return this.#isFinding;
  }

  /** Why something else is shown than was asked for; else null. */
  get notice(): ReadonlySignal<Gone | null> {
    return this.#notice;
  }

  /** @returns ends it */
  start(): () => void {
    const { router, view, revision } = this.#parts;
    const ends = [
      effect(() => {
        const query = router.query.value;
        untracked(() => void this.#read(query));
      }),
      effect(() => {
        const next = view.view.value;
        untracked(() => this.#follow(next));
      }),
      effect(() => {
        if (revision.value > 0) untracked(() => void this.#check());
      }),
    ];
    return () => {
      this.#asked += 1;
      for (const end of ends) end();
    };
  }

  /** Goes to what the address asks for. */
  async #read(query: URLSearchParams): Promise<void> {
    const { view, now } = this.#parts;
    const stand = standIn(query);
    const mine = ++this.#asked;
    if (isSameStand(stand, standOf(view.view.peek()))) return this.#agree();
    if (stand.recording === null) return this.#enter(viewOf(stand, null, now()));
    this.#isFinding.value = true;
    const shown = recordingOf(view.view.peek());
    const found = shown?.id === stand.recording ? shown : await this.#find(stand.recording);
    if (mine !== this.#asked) return;
    if (found !== null) this.#enter(viewOf(stand, found, now()));
    else this.#leave({ name: null });
  }

  /** Somebody went on to something else here. */
  #follow(next: View): void {
    const before = this.#shown;
    if (next === before) return;
    const isStep = next.kind === before.kind && recordingOf(next)?.id === recordingOf(before)?.id;
    this.#asked += 1;
    this.#notice.value = null;
    this.#agree();
    write(this.#parts.router, standOf(next), !isStep);
  }

  /** A recording that is shown may be deleted, on any page. */
  async #check(): Promise<void> {
    const { view, recordings } = this.#parts;
    const recording = recordingOf(view.view.peek());
    if (recording === null) return;
    const all = await recordings().catch(() => null);
    const isShown = recordingOf(view.view.peek())?.id === recording.id;
    if (all !== null && isShown && !all.some(({ id }) => id === recording.id)) this.#leave({ name: recording.name });
  }

  async #find(id: string): Promise<RecordingView | null> {
    const all = await this.#parts.recordings().catch(() => []);
    return all.find((one) => one.id === id) ?? null;
  }

  /** What was shown is there no more. */
  #leave(gone: Gone): void {
    this.#enter({ kind: "live", ms: 0 });
    write(this.#parts.router, standOf(this.#shown), false);
    this.#notice.value = gone;
  }

  #enter(wished: View): void {
    this.#notice.value = null;
    // Together: it is no step of somebody here that would have to be followed.
    batch(() => {
      this.#parts.view.enter(wished);
      this.#agree();
    });
  }

  #agree(): void {
    this.#shown = this.#parts.view.view.peek();
    this.#isFinding.value = false;
  }
}

/** @param isNew Back leads to what was shown before */
function write(router: Router, stand: Stand, isNew: boolean): void {
  const query = new URLSearchParams(location.search);
  if (isSameStand(standIn(query), stand)) return;
  const to = addressOf(location.pathname, wishedIn(query), stand);
  if (!isNew) {
    history.replaceState(history.state, "", to);
    return;
  }
  // It is the same room: it stays where it was scrolled to.
  const top = window.scrollY;
  router.go(to);
  window.scrollTo(0, top);
}
