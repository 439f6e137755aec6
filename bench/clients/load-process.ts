/** The devices of a bench, in a process of their own: so their CPU is not the hub's. Started by the cases that record. */
import { type ChildProcess, fork } from "node:child_process";
import type { FromLoad, LoadOptions, LoadResult } from "./load-options.ts";

export class LoadProcess {
  readonly #child: ChildProcess;
  /** What was sent and acknowledged, when it was stopped or the hub was gone. */
  readonly result: Promise<LoadResult>;

  private constructor(child: ChildProcess, result: Promise<LoadResult>) {
    this.#child = child;
    this.result = result;
  }

  /** Resolves when all devices are connected and begin to report. */
  static start(options: LoadOptions): Promise<LoadProcess> {
    const child = fork("dist/bench/loads/report-load.js", [JSON.stringify(options)]);
    return new Promise((resolve, reject) => {
      const result = new Promise<LoadResult>((resolveResult, rejectResult) => {
        child.on("message", (message: FromLoad) => {
          if (message.kind === "running") resolve(new LoadProcess(child, result));
          else resolveResult(message.result);
        });
        child.on("exit", () => {
          const fault = new Error("The load process ended before its time; what it said stands above.");
          reject(fault);
          rejectResult(fault);
        });
      });
      // Whoever awaits it hears of it all the same.
      result.catch(() => {});
    });
  }

  /** No device says more; resolves when all that was sent is acknowledged. */
  async stop(): Promise<LoadResult> {
    this.#child.send("stop");
    const result = await this.result;
    if (result.cut > 0) throw new Error(`The hub cut ${result.cut} connections.`);
    return result;
  }
}
