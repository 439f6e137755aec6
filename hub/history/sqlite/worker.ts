/** The thread that owns the history's file. Started by `workerPort`; a bundle of its own. */
import { parentPort } from "node:worker_threads";
import { HistoryDesk } from "./desk.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

/** Called once, by the thread itself. */
export function main(): void {
  const port = parentPort;
  if (port === null) throw new Error("This is no program: the hub starts it as a thread.");
  const desk = new HistoryDesk({
    say: (message: FromWorker) => port.postMessage(message),
    stopwatch: () => performance.now(),
  });
  port.on("message", (message: ToWorker) => desk.hear(message));
}
