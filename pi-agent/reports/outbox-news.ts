/** What the outbox tells people: each trouble once, with a count when it is over. Used by the outbox alone. */

/** The agent's log, as far as it is needed here. */
export interface OutboxLog {
  say(
    level: "info" | "warn" | "error",
    event: string,
    text: string,
    fields?: { readonly [name: string]: unknown },
  ): void;
}

export class OutboxNews {
  readonly #log: OutboxLog;
  readonly #folder: string;
  readonly #tellHub: (text: string) => void;
  #dropped = 0;
  #refused = 0;
  #refusal = "";
  #backlog = 0;
  #sent = 0;
  #stuck = "";
  #bigNames = "";
  #isDiskFaulty = false;

  /** @param folder where reports are kept, for the faults of the disk */
  constructor(log: OutboxLog, folder: string, tellHub: (text: string) => void) {
    this.#log = log;
    this.#folder = folder;
    this.#tellHub = tellHub;
  }

  found(count: number): void {
    this.#log.say("info", "reports-found", `${reports(count)} from before the start wait for the hub.`, { count });
  }

  /** The hub is there. */
  connected(waiting: number): void {
    this.#backlog = waiting;
    this.#sent = 0;
    this.#stuck = "";
    if (this.#dropped === 0) return;
    const count = this.#dropped;
    this.#dropped = 0;
    const text = `${reports(count)} of the time without the hub were dropped, the oldest first: there was no more room.`;
    this.#log.say("warn", "reports-lost", text, { count });
    this.#tellHub(text);
  }

  dropped(count: number): void {
    if (this.#dropped === 0) {
      const text = "The room for reports that wait for the hub is full: from now on the oldest are dropped.";
      this.#log.say("warn", "reports-full", text);
    }
    this.#dropped += count;
  }

  sent(count: number): void {
    this.#sent += count;
    this.#stuck = "";
  }

  /** Nothing waits any more. */
  empty(): void {
    if (this.#backlog > 1 && this.#sent > 0) {
      const text = `${reports(this.#sent)} that waited for the hub were sent.`;
      this.#log.say("info", "reports-sent", text, { count: this.#sent });
    }
    this.#backlog = 0;
    if (this.#refused > 1) {
      const text = `The hub refused ${reports(this.#refused)} in all; they were dropped.`;
      this.#log.say("warn", "reports-refused", text, { count: this.#refused });
    }
    this.#refused = 0;
  }

  /** A hub that refuses every report of a broken sensor is told of once for each reason. */
  refused(reason: string): void {
    this.#refused += 1;
    if (this.#refusal === reason) return;
    this.#refusal = reason;
    this.#log.say("warn", "report-refused", `The hub refused a report, which was dropped: ${reason}`, { reason });
  }

  stuck(reason: string): void {
    if (this.#stuck === reason) return;
    this.#stuck = reason;
    this.#log.say("warn", "reports-wait", `The hub takes no reports now: ${reason}. Trying again.`, { reason });
  }

  undated(count: number): void {
    const text = `${reports(count)} were dropped: the clock of this computer was not set when they were made, until it was switched off.`;
    this.#log.say("warn", "reports-undated", text, { count });
    this.#tellHub(text);
  }

  tooBig(names: readonly string[]): void {
    const text = names.join(", ");
    if (this.#bigNames === text) return;
    this.#bigNames = text;
    this.#log.say("warn", "report-too-big", `A report of ${text} is larger than the hub takes and was dropped.`);
  }

  unreadable({ message }: Error): void {
    const text = `The reports that an earlier run kept cannot be read: ${message}. Give the agent the right to its data folder, or choose another with --data-dir.`;
    this.#log.say("warn", "reports-unreadable", text);
  }

  written(): void {
    this.#isDiskFaulty = false;
  }

  notWritten({ message }: Error): void {
    if (this.#isDiskFaulty) return;
    this.#isDiskFaulty = true;
    const text = `Reports that wait for the hub are kept in memory only: ${message}. Make room in ${this.#folder} and let the agent write there, or choose another folder with --data-dir.`;
    this.#log.say("warn", "reports-not-kept", text);
  }
}

function reports(count: number): string {
  return count === 1 ? "1 report" : `${count} reports`;
}
