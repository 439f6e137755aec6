/** A bench for the outbox: real files and a fake clock; the hub is a list of what was asked, answered as a test says. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  createReportOutbox,
  type ReportOutbox,
  type ReportOutboxParts,
  type ReportSender,
} from "../../../pi-agent/reports/report-outbox.ts";
import { eventually } from "../../support/eventually.ts";
import { type FakeClock, fakeClock } from "../../support/fake-clock.ts";

export interface Asked {
  readonly event: string;
  readonly args: readonly unknown[];
}

export const NOON = Date.UTC(2026, 5, 1, 12);
export const REFUSED = { error: { code: "INVALID_VALUE", message: "`v` must be at most 5." } };

export class OutboxBench {
  clock: FakeClock = fakeClock(NOON);
  readonly folder: string;
  asked: Asked[] = [];
  readonly said: { readonly level: string; readonly event: string; readonly text: string }[] = [];
  readonly toldHub: string[] = [];
  /** What the hub answers; undefined is silence. */
  answer: (asked: Asked) => unknown = () => ({});
  isThere = true;
  bootId = "boot-1";
  #outbox: ReportOutbox | null = null;

  /** @param folder in which the outbox makes its own */
  constructor(folder: string) {
    this.folder = join(folder, "reports");
  }

  readonly send: ReportSender = (event, args, ack) => {
    if (!this.isThere) return false;
    const one = { event, args };
    this.asked.push(one);
    const said = this.answer(one);
    if (said !== undefined) setImmediate(() => ack(said));
    return true;
  };

  get outbox(): ReportOutbox {
    if (this.#outbox === null) throw new Error("start() comes first");
    return this.#outbox;
  }

  start(parts: Partial<ReportOutboxParts> = {}): ReportOutbox {
    const { monotonic } = this.clock;
    this.#outbox = createReportOutbox({
      clock: this.clock,
      folder: this.folder,
      log: { say: (level, event, text) => this.said.push({ level, event, text }) },
      send: this.send,
      boot: { id: this.bootId, elapsed: () => 1_000_000 + monotonic() },
      tellHub: (text) => this.toldHub.push(text),
      ...parts,
    });
    return this.#outbox;
  }

  async close(): Promise<void> {
    await this.#outbox?.close();
  }

  addMany(count: number, from = 0): void {
    for (let v = from; v < from + count; v++) this.outbox.add({ v });
  }

  /** Turns the clock in steps that leave the disk and the answers their time. */
  eventuallyLater(condition: () => boolean): Promise<void> {
    return eventually(async () => {
      await this.clock.advance(250);
      return condition();
    });
  }

  /** Everything the hub was sent in `reports`, flat. */
  batched(): [number, { v: number }][] {
    return this.asked
      .filter(({ event }) => event === "reports")
      .flatMap(({ args }) => args[0] as [number, { v: number }][]);
  }

  valuesSent(): number[] {
    return this.batched().map(([, { v }]) => v);
  }

  told(event: string): string[] {
    return this.said.filter((line) => line.event === event).map(({ text }) => text);
  }

  /** What the files hold; nothing while they are being removed. */
  onDisk(): string {
    try {
      return readdirSync(this.folder)
        .sort()
        .map((name) => readFileSync(join(this.folder, name), "utf8"))
        .join("");
    } catch {
      return "";
    }
  }
}

export function numbers(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, i) => i + from);
}
