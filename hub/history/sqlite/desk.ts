/** The worker's side of the history: hears messages one after the other and has the engine do what they say. Called by the worker, and by tests without one. */
import type { Database } from "better-sqlite3";
import { StartError } from "#base/program.ts";
import { PharosError } from "#protocol/errors.ts";
import { faultSentence } from "../../base/sqlite-file.ts";
import type { Moment } from "../clock-watch.ts";
import { BATCH_COLUMNS } from "./batch.ts";
import { HistoryEngine } from "./engine.ts";
import type { Ask, AskName, Asks, FromWorker, Opened, Refusal, ToWorker } from "./messages.ts";

export interface DeskParts {
  readonly say: (message: FromWorker) => void;
  readonly stopwatch: () => number;
  readonly openFile?: (file: string) => Database;
}

type Answer<K extends AskName> = Asks[K]["answer"] | Promise<Asks[K]["answer"]>;
type Answers = { readonly [K in AskName]: (args: Asks[K]["args"], moment: Moment) => Answer<K> };

export class HistoryDesk {
  readonly #parts: DeskParts;
  readonly #answers: Answers;
  #engine: HistoryEngine | null = null;
  /** Samples taken since the last commit that went well. */
  #taken = 0;
  #saidOfUpkeep = "";

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#answers = this.#createAnswers();
  }

  hear(message: ToWorker): void {
    switch (message.kind) {
      case "samples":
        this.#opened.ingest(message.batch, message.fresh, message.moment);
        this.#taken += message.batch.length / BATCH_COLUMNS;
        return;
      case "commit":
        this.#commit(message.moment, false);
        this.#lookAfterOld(message.moment);
        return;
      case "ask":
        this.#answer(message);
        return;
      default:
        message satisfies never;
    }
  }

  #answer(ask: Ask): void {
    const { number, moment } = ask;
    const say = (answer: Asks[AskName]["answer"]): void => this.#parts.say({ kind: "answer", number, answer });
    const refuse = (error: unknown): void => this.#parts.say({ kind: "refusal", number, refusal: toRefusal(error) });
    try {
      const run = this.#answers[ask.what] as (args: unknown, moment: Moment) => Answer<AskName>;
      const answer = run(ask.args, moment);
      if (answer instanceof Promise) answer.then(say, refuse);
      else say(answer);
    } catch (error) {
      refuse(error);
    }
  }

  /** @returns whether it went well */
  #commit(moment: Moment, isPrecious: boolean): boolean {
    const engine = this.#opened;
    try {
      engine.commit(moment, isPrecious);
    } catch (error) {
      this.#parts.say({ kind: "failed", fault: faultSentence(error) });
      return false;
    }
    this.#parts.say({ kind: "committed", samples: this.#taken, runs: engine.runs });
    this.#taken = 0;
    return true;
  }

  /** Its faults are those of the next commit too, but for a mistake. */
  #lookAfterOld(moment: Moment): void {
    try {
      this.#opened.upkeep(moment);
      this.#saidOfUpkeep = "";
    } catch (error) {
      const sentence = `Old samples could not be removed. ${faultSentence(error)}`;
      if (sentence !== this.#saidOfUpkeep) this.#parts.say({ kind: "notice", sentence });
      this.#saidOfUpkeep = sentence;
    }
  }

  get #opened(): HistoryEngine {
    if (this.#engine === null) throw new PharosError("SHUTDOWN");
    return this.#engine;
  }

  #createAnswers(): Answers {
    return {
      open: (args, moment) => this.#open(args, moment),
      commit: (_, moment) => {
        if (!this.#commit(moment, true)) throw new PharosError("STORAGE");
        return null;
      },
      query: (question) => this.#opened.query(question),
      latest: (question) => this.#opened.latest(question),
      listSeries: () => this.#opened.listSeries(),
      removeDevice: (device, moment) => {
        this.#opened.removeDevice(device, moment);
        return null;
      },
      startRecording: (start, moment) => {
        const recording = this.#opened.startRecording(start, moment);
        this.#commit(moment, true);
        return recording;
      },
      alter: ({ id, order }, moment) => {
        const recording = this.#opened.alter(id, moment, order);
        this.#commit(moment, true);
        return recording;
      },
      listRecordings: (deleted, moment) => this.#opened.listRecordings(deleted, moment),
      getRecording: (id, moment) => this.#opened.getRecording(id, moment),
      openExport: ({ id, kind, from }, moment) => this.#opened.openExport(id, kind, from, moment),
      nextPiece: (number) => this.#opened.nextPiece(number),
      closeExport: (number) => {
        this.#opened.closeExport(number);
        return null;
      },
      usage: () => this.#opened.usage(),
      copy: async (file) => {
        await this.#opened.copyTo(file);
        return null;
      },
      close: (_, moment) => {
        const engine = this.#opened;
        this.#engine = null;
        engine.close(moment);
        return null;
      },
    };
  }

  #open({ file, settings }: Asks["open"]["args"], moment: Moment): Opened {
    const { say, stopwatch, openFile } = this.#parts;
    const notice = (sentence: string): void => say({ kind: "notice", sentence });
    const parts = { file, settings, notice, stopwatch, ...(openFile && { open: openFile }) };
    const engine = new HistoryEngine(parts, moment);
    this.#engine = engine;
    return { names: engine.names, nextSeries: engine.nextSeries, runs: engine.runs };
  }
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof PharosError) return { code: error.code, message: error.message };
  if (error instanceof StartError) return { code: "start", message: error.message };
  return { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
