/** The way from the hub's thread to the one that owns the file. Made by `hub/main.ts`; tests have one without a thread. */
import { Worker } from "node:worker_threads";
import type { FromWorker, ToWorker } from "./messages.ts";

export interface HistoryPort {
  post(message: ToWorker): void;
  close(): Promise<void>;
}

export interface PortListener {
  readonly hear: (message: FromWorker) => void;
  /** The other side is gone and will say nothing more. */
  readonly onEnd: (why: string) => void;
}

export type Connect = (listener: PortListener) => HistoryPort;

/** @param bundle path of the built `history-worker.js` */
export function workerPort(bundle: string): Connect {
  return ({ hear, onEnd }) => {
    const worker = new Worker(bundle);
    let why = "it ended";
    let isClosed = false;
    worker.on("message", hear);
    worker.on("error", (error) => {
      why = error.message;
    });
    worker.on("exit", () => {
      if (!isClosed) onEnd(why);
    });
    return {
      post: (message) =>
        worker.postMessage(message, message.kind === "samples" ? [message.batch.buffer as ArrayBuffer] : []),
      async close() {
        isClosed = true;
        await worker.terminate();
      },
    };
  };
}
