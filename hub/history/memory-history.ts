/** The history without a disk, and without retention: for tests of what stands above it. Lasts as long as the object. */
import type { Clock } from "#base/clock.ts";
import { PharosError } from "#protocol/errors.ts";
import { Buckets, limitPoints, samplePoints } from "./buckets.ts";
import { ClockWatch } from "./clock-watch.ts";
import { CsvTable, toNdjson, toRows } from "./export-rows.ts";
import { DEFAULT_SETTINGS, HISTORY_LIMITS } from "./history-limits.ts";
import { KnownTimes } from "./known-times.ts";
import { planAnswer } from "./plan.ts";
import { isInside, isMember, RecordingBook } from "./recording-book.ts";
import { PERIODS_MS, rollUp } from "./roll-ups.ts";
import { BOOLEAN_FLAG, SampleRun } from "./sample-run.ts";
import { timeSample } from "./sample-time.ts";
import type {
  HistoryStore,
  HistoryUsage,
  Point,
  Question,
  Recording,
  RecordingChange,
  RecordingStart,
  Row,
  Sample,
  SeriesInfo,
} from "./store.ts";

interface KeptSeries {
  readonly device: string;
  readonly property: string;
  run: SampleRun;
  known: KnownTimes;
}

/** Everything is there at every level. */
const COVERAGE = { horizons: PERIODS_MS.map(() => Number.NEGATIVE_INFINITY), kept: [] };
const BYTES_PER_SAMPLE = 25;

export class MemoryHistory implements HistoryStore {
  readonly #clock: Clock;
  readonly #series = new Map<string, KeptSeries>();
  readonly #book = new RecordingBook();
  readonly #watch = new ClockWatch();
  readonly #healthListeners: Array<(isWritable: boolean, fault: string | null) => void> = [];
  readonly #noticeListeners: Array<(sentence: string) => void> = [];
  #aliveAt: number | null = null;
  #isWritable = true;
  dropped = 0;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  get isWritable(): boolean {
    return this.#isWritable;
  }

  /** As if the disk filled up, or had room again. */
  setWritable(isWritable: boolean): void {
    if (isWritable === this.#isWritable) return;
    this.#isWritable = isWritable;
    for (const tell of this.#healthListeners)
      tell(isWritable, isWritable ? null : "The disk is full: make room on it.");
  }

  get pressure(): number {
    return 0;
  }

  onHealth(listener: (isWritable: boolean, fault: string | null) => void): void {
    this.#healthListeners.push(listener);
  }

  onNotice(listener: (sentence: string) => void): void {
    this.#noticeListeners.push(listener);
  }

  /** May be called again, as by the next hub on the same disk. */
  async open(): Promise<void> {
    const now = this.#clock.now();
    const resumed = this.#aliveAt === null ? [] : this.#book.resume(this.#aliveAt, now);
    for (const name of resumed) for (const tell of this.#noticeListeners) tell(`The recording ${name} goes on.`);
  }

  append(sample: Sample): boolean {
    this.#look();
    const timed = timeSample(sample);
    if (timed === null) return false;
    const { time, source, other, value, isBoolean } = timed;
    const series = this.#open(sample.device, sample.property);
    if (series.known.has(time, source, other)) return true;
    series.known.add(time, source, other);
    series.run.push(time, source | (isBoolean ? BOOLEAN_FLAG : 0), other, value);
    this.#book.count(sample.device, Float64Array.of(time));
    return true;
  }

  committed(): Promise<void> {
    return this.#isWritable ? Promise.resolve() : Promise.reject(new PharosError("STORAGE"));
  }

  async query({ device, property, from, to, points }: Question): Promise<readonly Point[]> {
    const run = this.#find(device, property)?.run.sorted().between(from, to);
    if (run === undefined || run.length === 0 || points < 1) return [];
    const most = Math.min(Math.floor(points), HISTORY_LIMITS.points);
    if (run.length <= most) return samplePoints(run);
    const segments = planAnswer({ from, to, points: most, samples: run.length }, COVERAGE);
    return limitPoints(
      segments.flatMap((segment) => {
        const buckets = new Buckets(segment);
        const period = PERIODS_MS[segment.level] ?? 0;
        if (period === 0) buckets.addSamples(run);
        else buckets.addRollUps(rollUp(this.#periodsOf(device, property, segment.from, to, period), period), period);
        return [...buckets.points()];
      }),
      most,
    );
  }

  /** With all samples of the period in which `to` lies. */
  #periodsOf(device: string, property: string, from: number, to: number, period: number): SampleRun {
    const run = this.#find(device, property)?.run ?? new SampleRun();
    return run.sorted().between(from, Math.ceil(to / period) * period);
  }

  async latest(question: { device: string; property: string; ms: number; points: number }): Promise<readonly Point[]> {
    const run = this.#find(question.device, question.property)?.run.sorted();
    if (run === undefined || run.length === 0) return [];
    const last = run.time(run.length - 1);
    return this.query({ ...question, from: last - question.ms, to: last + 1 });
  }

  async listSeries(): Promise<readonly SeriesInfo[]> {
    return [...this.#series.values()]
      .filter(({ run }) => run.length > 0)
      .map(({ device, property, run }) => {
        const sorted = run.sorted();
        return { device, property, first: sorted.time(0), last: sorted.time(run.length - 1), samples: run.length };
      })
      .sort((a, b) => compare(a.device, b.device) || compare(a.property, b.property));
  }

  async removeDevice(device: string): Promise<void> {
    const spans = this.#book.keptSpans(device);
    for (const series of this.#series.values()) {
      if (series.device !== device) continue;
      const kept = new SampleRun();
      const { run } = series;
      for (let i = 0; i < run.length; i++) if (isInside(spans, run.time(i))) kept.pushAll(run, i, i + 1);
      series.run = kept;
      series.known = new KnownTimes();
      series.known.addAll(kept);
    }
  }

  async startRecording(start: RecordingStart): Promise<Recording> {
    this.#look();
    if (!this.#isWritable) throw new PharosError("STORAGE");
    const { id, spans } = this.#book.start(start, this.#clock.now());
    // A device whose clock is ahead has samples in it already.
    const from = spans[0]?.from ?? 0;
    for (const { device, run } of this.#series.values()) {
      if (!isMember(this.#book.get(id, 0), device)) continue;
      this.#book.countFor(
        id,
        run.times.subarray(0, run.length).filter((time) => time >= from),
      );
    }
    return this.getRecording(id);
  }

  async stopRecording(id: string): Promise<Recording> {
    this.#look();
    this.#book.stop(id, this.#clock.now());
    return this.getRecording(id);
  }

  async listRecordings({ deleted } = { deleted: false }): Promise<readonly Recording[]> {
    this.#purge();
    return this.#book.list(this.#clock.now(), deleted);
  }

  async getRecording(id: string): Promise<Recording> {
    this.#purge();
    return this.#book.get(id, this.#clock.now());
  }

  async changeRecording(id: string, change: RecordingChange): Promise<Recording> {
    this.#book.change(id, change);
    return this.getRecording(id);
  }

  async addMarker(id: string, { text, by, at }: { text: string; by: string; at?: number }): Promise<Recording> {
    this.#book.mark(id, text, by, at ?? this.#clock.now());
    return this.getRecording(id);
  }

  async removeMarker(id: string, marker: number): Promise<Recording> {
    this.#book.unmark(id, marker);
    return this.getRecording(id);
  }

  async removeRecording(id: string): Promise<Recording> {
    this.#look();
    this.#book.remove(id, this.#clock.now());
    return this.#book.get(id, this.#clock.now());
  }

  async restoreRecording(id: string): Promise<Recording> {
    this.#purge();
    this.#book.restore(id);
    return this.getRecording(id);
  }

  async *readRows(id: string, from = 0): AsyncIterable<readonly Row[]> {
    const recording = await this.getRecording(id);
    const runs = this.#memberSeries(recording).map(({ device, property, run }) => {
      const kept = new SampleRun();
      const sorted = run.sorted();
      for (let i = 0; i < sorted.length; i++) {
        if (sorted.time(i) >= from && isInside(recording.spans, sorted.time(i))) kept.pushAll(sorted, i, i + 1);
      }
      return { device, property, run: kept };
    });
    const rows = toRows(runs);
    if (rows.length > 0) yield rows;
  }

  async *exportCsv(id: string): AsyncIterable<string> {
    const recording = await this.getRecording(id);
    const inIt = this.#memberSeries(recording).filter(({ run }) => {
      return run.times.subarray(0, run.length).some((time) => isInside(recording.spans, time));
    });
    const table = new CsvTable([...new Set(inIt.map(({ property }) => property))].sort(), recording.markers);
    yield table.head();
    for await (const rows of this.readRows(id)) yield table.rows(rows);
    yield table.end();
  }

  async *exportNdjson(id: string): AsyncIterable<string> {
    for await (const rows of this.readRows(id)) yield toNdjson(rows);
  }

  async usage(): Promise<HistoryUsage> {
    const samples = [...this.#series.values()].reduce((sum, { run }) => sum + run.length, 0);
    return { bytes: samples * BYTES_PER_SAMPLE, freeBytes: 0, capBytes: DEFAULT_SETTINGS.capBytes, samples };
  }

  async close(): Promise<void> {
    this.#aliveAt = this.#clock.now();
  }

  #look(): void {
    const step = this.#watch.look({ now: this.#clock.now(), monotonic: this.#clock.monotonic() });
    if (step !== null) this.#book.noteClock(step.before, step.after);
  }

  #purge(): void {
    this.#look();
    this.#book.purge(this.#clock.now() - DEFAULT_SETTINGS.undoMs);
  }

  #memberSeries(recording: Recording): readonly KeptSeries[] {
    return [...this.#series.values()].filter(({ device }) => isMember(recording, device));
  }

  #find(device: string, property: string): KeptSeries | undefined {
    return this.#series.get(`${device}\0${property}`);
  }

  #open(device: string, property: string): KeptSeries {
    const there = this.#find(device, property);
    if (there !== undefined) return there;
    const series = { device, property, run: new SampleRun(), known: new KnownTimes() };
    this.#series.set(`${device}\0${property}`, series);
    return series;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
