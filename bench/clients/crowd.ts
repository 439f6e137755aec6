/** A crowd of clients in a process of its own, so that its CPU is not the server's. Made by the cases. */
import { type ChildProcess, fork } from "node:child_process";
import type { CrowdOptions, FromCrowd, RoundOptions, RoundResult, ToCrowd } from "./crowd-options.ts";

export class Crowd {
  readonly #child: ChildProcess;
  /** How long it took until all were in. */
  readonly seconds: number;

  private constructor(child: ChildProcess, seconds: number) {
    this.#child = child;
    this.seconds = seconds;
  }

  /** @throws when not all of them come in */
  static async open(options: CrowdOptions): Promise<Crowd> {
    const child = fork("dist/bench/loads/crowd.js", [JSON.stringify(options)]);
    const ready = await next(child, "ready");
    return new Crowd(child, ready.seconds);
  }

  async round(round: RoundOptions): Promise<RoundResult> {
    this.#say({ kind: "round", round });
    return (await next(this.#child, "result")).result;
  }

  /** The first `members` say SOS each second from now on, or no more. */
  async beat(isBeating: boolean, members: number): Promise<void> {
    this.#say({ kind: "beat", isBeating, members });
    await next(this.#child, "done");
  }

  close(): void {
    this.#child.kill("SIGKILL");
  }

  #say(message: ToCrowd): void {
    this.#child.send(message);
  }
}

function next<K extends FromCrowd["kind"]>(child: ChildProcess, kind: K): Promise<Extract<FromCrowd, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error("The crowd ended before its time; what it said stands above."));
    child.once("exit", onExit);
    child.once("message", (message: FromCrowd) => {
      child.off("exit", onExit);
      if (message.kind === kind) resolve(message as Extract<FromCrowd, { kind: K }>);
      else reject(new Error(message.kind === "failed" ? message.message : `The crowd said ${message.kind}.`));
    });
  });
}
