/** The history without a disk, and without retention: for tests of what stands above it. Lasts as long as the object. */
import type { Clock } from "#base/clock.ts";
import { PharosError } from "#protocol/errors.ts";
import { Buckets, limitPoints, samplePoints } from "./buckets.ts";
import { ClockWatch } from "./clock-watch.ts";
import { CsvTable, type SeriesRun, toNdjson, toRows } from "./export-rows.ts";
import { DEFAULT_SETTINGS, HISTORY_LIMITS } from "./history-limits.ts";
import { KnownTimes } from "./known-times.ts";
import { planAnswer } from "./plan.ts";
import { endedSpans, isInside, isMember, RecordingBook } from "./recording-book.ts";
import { RecordingCounts } from "./recording-counts.ts";
import { applyOrder, type RecordingOrder } from "./recording-orders.ts";
import { PERIODS_MS, rollUp } from "./roll-ups.ts";
import { BOOLEAN_FLAG, SampleRun } from "./sample-run.ts";
import { SOURCE, timeSample } from "./sample-time.ts";
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
  Span,
} from "./store.ts";

interface KeptSeries {
  readonly device: string;
  readonly property: string;
  last: number;
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
  readonly #counts = new RecordingCounts<KeptSeries>({
    book: this.#book,
    series: () => this.#series.values(),
    count: ({ run }, from, to) => countIn(run, from, to),
  });
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
    this.#counts.resume(now);
    for (const name of resumed) for (const tell of this.#noticeListeners) tell(`The recording ${name} goes on.`);
  }

  append(sample: Sample): boolean {
    this.#look();
    const timed = timeSample(sample);
    if (timed === null) return false;
    const { time, source, other, value, isBoolean } = timed;
    const series = this.#open(sample.device, sample.property);
    const { known } = series;
    if (known.has(time, source, other) || (source === SOURCE.counter && known.hasBelieved(time, other))) return true;
    series.known.add(time, source, other);
    series.run.push(time, source | (isBoolean ? BOOLEAN_FLAG : 0), other, value);
    series.last = Math.max(series.last, time);
    this.#counts.took(series, Float64Array.of(time), this.#clock.now());
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
      const kept = inSpans(series.run, spans);
      series.run = kept;
      series.last = kept.times.subarray(0, kept.length).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      series.known = new KnownTimes();
      series.known.addAll(kept);
    }
  }

  async startRecording(start: RecordingStart): Promise<Recording> {
    this.#look();
    if (!this.#isWritable) throw new PharosError("STORAGE");
    const { id } = this.#book.start(start, this.#clock.now());
    this.#counts.begin(id, this.#clock.now());
    return this.getRecording(id);
  }

  stopRecording(id: string): Promise<Recording> {
    return this.#alter(id, { do: "stop" });
  }

  async listRecordings({ deleted } = { deleted: false }): Promise<readonly Recording[]> {
    this.#purge();
    this.#counts.settleAll(this.#clock.now());
    return this.#book.list(this.#clock.now(), deleted);
  }

  async getRecording(id: string): Promise<Recording> {
    this.#purge();
    this.#counts.settle(id, this.#clock.now());
    return this.#book.get(id, this.#clock.now());
  }

  changeRecording(id: string, change: RecordingChange): Promise<Recording> {
    return this.#alter(id, { do: "change", change });
  }

  addMarker(id: string, marker: { text: string; by: string; at?: number }): Promise<Recording> {
    return this.#alter(id, { do: "mark", ...marker });
  }

  removeMarker(id: string, marker: number): Promise<Recording> {
    return this.#alter(id, { do: "unmark", marker });
  }

  removeRecording(id: string): Promise<Recording> {
    return this.#alter(id, { do: "remove" });
  }

  restoreRecording(id: string): Promise<Recording> {
    return this.#alter(id, { do: "restore" });
  }

  async *readRows(id: string, from = 0): AsyncIterable<readonly Row[]> {
    const rows = toRows(
      (await this.#samplesOf(id)).map((one) => ({ ...one, run: one.run.between(from, Number.POSITIVE_INFINITY) })),
    );
    if (rows.length > 0) yield rows;
  }

  async *exportCsv(id: string): AsyncIterable<string> {
    const { markers } = await this.getRecording(id);
    const inIt = (await this.#samplesOf(id)).filter(({ run }) => run.length > 0);
    const table = new CsvTable([...new Set(inIt.map(({ property }) => property))].sort(), markers);
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

  async #alter(id: string, order: RecordingOrder): Promise<Recording> {
    this.#purge();
    const now = this.#clock.now();
    this.#counts.settle(id, now);
    applyOrder(this.#book, id, order, now);
    this.#counts.settle(id, now);
    return this.#book.get(id, now);
  }

  #look(): void {
    const now = this.#clock.now();
    const step = this.#watch.look({ now, monotonic: this.#clock.monotonic() });
    if (step !== null) this.#counts.noteClock(step.before, step.after, now);
  }

  #purge(): void {
    this.#look();
    this.#book.purge(this.#clock.now() - DEFAULT_SETTINGS.undoMs);
  }

  /** What belongs to a recording now, sorted. */
  async #samplesOf(id: string): Promise<readonly SeriesRun[]> {
    const recording = await this.getRecording(id);
    const spans = endedSpans(recording.spans, this.#book.reach(id, this.#clock.now()));
    const members = [...this.#series.values()].filter(({ device }) => isMember(recording, device));
    return members.map(({ device, property, run }) => ({ device, property, run: inSpans(run, spans).sorted() }));
  }

  #find(device: string, property: string): KeptSeries | undefined {
    return this.#series.get(`${device}\0${property}`);
  }

  #open(device: string, property: string): KeptSeries {
    const there = this.#find(device, property);
    if (there !== undefined) return there;
    const last = Number.NEGATIVE_INFINITY;
    const series = { device, property, last, run: new SampleRun(), known: new KnownTimes() };
    this.#series.set(`${device}\0${property}`, series);
    return series;
  }
}

function countIn(run: SampleRun, from: number, to: number): number {
  let count = 0;
  for (let i = 0; i < run.length; i++) if (run.time(i) >= from && run.time(i) < to) count++;
  return count;
}

function inSpans(run: SampleRun, spans: readonly Span[]): SampleRun {
  const kept = new SampleRun();
  for (let i = 0; i < run.length; i++) if (isInside(spans, run.time(i))) kept.pushAll(run, i, i + 1);
  return kept;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
