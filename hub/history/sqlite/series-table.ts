/** All series by number and by name, and which have something that is not on disk. Called by the engine. */
import { OpenSeries } from "./open-series.ts";

export class SeriesTable {
  readonly #byNumber = new Map<number, OpenSeries>();
  readonly #byDevice = new Map<string, Map<string, OpenSeries>>();
  readonly #open = new Set<OpenSeries>();
  readonly #dirty = new Set<OpenSeries>();
  readonly #unstored = new Set<OpenSeries>();
  /** The lowest number that was never used. */
  next = 1;

  load(all: readonly OpenSeries[], next: number): void {
    for (const series of all) this.#add(series);
    this.next = next;
  }

  /** Gives a series a number; one that has another already goes by both. */
  name(number: number, device: string, property: string): void {
    this.next = Math.max(this.next, number + 1);
    const there = this.find(device, property);
    if (there !== undefined) {
      this.#byNumber.set(number, there);
      return;
    }
    const series = new OpenSeries(number, device, property);
    this.#add(series);
    this.#unstored.add(series);
  }

  get(number: number): OpenSeries | undefined {
    return this.#byNumber.get(number);
  }

  find(device: string, property: string): OpenSeries | undefined {
    return this.#byDevice.get(device)?.get(property);
  }

  ofDevice(device: string): readonly OpenSeries[] {
    return [...(this.#byDevice.get(device)?.values() ?? [])];
  }

  all(): readonly OpenSeries[] {
    return [...this.#byDevice.values()].flatMap((series) => [...series.values()]);
  }

  /** It has a sample that is not in a chunk. */
  wasOpened(series: OpenSeries): void {
    this.#open.add(series);
  }

  /** It has a sample that is not on disk. */
  wasTouched(series: OpenSeries): void {
    this.#open.add(series);
    this.#dirty.add(series);
  }

  withOpen(): ReadonlySet<OpenSeries> {
    return this.#open;
  }

  dirty(): readonly OpenSeries[] {
    return [...this.#dirty];
  }

  unstored(): readonly OpenSeries[] {
    return [...this.#unstored];
  }

  get hasUncommitted(): boolean {
    return this.#dirty.size > 0 || this.#unstored.size > 0;
  }

  wereCommitted(): void {
    this.#dirty.clear();
    this.#unstored.clear();
    for (const series of this.#open) if (series.run.length === 0) this.#open.delete(series);
  }

  remove(series: OpenSeries): void {
    for (const [number, one] of this.#byNumber) if (one === series) this.#byNumber.delete(number);
    this.#byDevice.get(series.device)?.delete(series.property);
    if (this.#byDevice.get(series.device)?.size === 0) this.#byDevice.delete(series.device);
    for (const set of [this.#open, this.#dirty, this.#unstored]) set.delete(series);
  }

  #add(series: OpenSeries): void {
    this.#byNumber.set(series.number, series);
    const ofDevice = this.#byDevice.get(series.device) ?? new Map<string, OpenSeries>();
    ofDevice.set(series.property, series);
    this.#byDevice.set(series.device, ofDevice);
  }
}
