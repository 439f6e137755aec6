/** Brings samples to the hub: live ones at once, older ones in batches, each kept until the hub has said that it has it. */
import { createBacklog } from "./backlog.ts";
import { clockReport, report, reports } from "./words.ts";

const BACKLOG_SAMPLES = 240;
/** So many live samples go out before one of them asks whether they arrived: each answer costs the interpreter some ms. */
const CONFIRM_SAMPLES = 10;
const MAX_PRINTED = 100;

export interface Delivery {
  put(time: number, value: number): void;
  /** The hub has taken us: what is put from now on is live. What is older waits for `resume`. */
  welcomed(): void;
  /** @param time ms, where no live sample says it: by it the hub understands the older ones (protocol 1.2); null where one did */
  resume(time: number | null): void;
  /** There is no connection now: what was not acknowledged goes again, and the hub drops what it has (protocol 4.3). */
  lost(): void;
  acknowledged(id: number, error: unknown): void;
}

/** @param send says whether the text went out */
export function createDelivery(send: (text: string) => boolean): Delivery {
  const backlog = createBacklog(BACKLOG_SAMPLES);
  let isLive = false;
  let liveFrom = 0;
  let lastId = 0;
  // Of the one frame that waits for its acknowledgement, 0 for none; all before the mark is then forgotten.
  let awaited = 0;
  let mark = 0;

  const ask = (upTo: number): number => {
    lastId++;
    awaited = lastId;
    mark = upTo;
    return awaited;
  };
  const sendBatch = (): void => {
    if (backlog.first() >= liveFrom) return;
    const batch = reports(backlog, liveFrom, lastId + 1);
    ask(batch.mark);
    send(batch.text);
  };
  const isConfirmDue = (): boolean =>
    !awaited && backlog.first() >= liveFrom && backlog.next() - backlog.first() >= CONFIRM_SAMPLES;

  return {
    put(time: number, value: number) {
      backlog.add(time, value);
      if (isLive) send(report(time, value, isConfirmDue() ? ask(backlog.next()) : 0));
    },
    welcomed() {
      isLive = true;
      liveFrom = backlog.next();
      awaited = 0;
    },
    resume(time: number | null) {
      if (time !== null && backlog.first() < liveFrom) send(clockReport(time));
      sendBatch();
    },
    lost() {
      isLive = false;
    },
    acknowledged(id: number, error: unknown) {
      if (!awaited || id !== awaited) return;
      // What the hub refuses it will never take.
      if (error) print(`The hub refused ${JSON.stringify(error)}`.slice(0, MAX_PRINTED));
      awaited = 0;
      backlog.forget(mark);
      sendBatch();
    },
  };
}
