/** What the doctor finds, as a value: made by the checks, printed by report.ts. */

/** `fail` keeps the agent from working; `note` does not, but somebody should know. */
export type Verdict = "ok" | "note" | "fail";

export interface Finding {
  /** What was looked at, one word for machines: `hub`. */
  readonly check: string;
  readonly verdict: Verdict;
  /** What is so, as a sentence without a full stop. */
  readonly what: string;
  /** The exact line to type or to change; a sentence where no line does it. */
  readonly remedy?: string;
}

export function ok(check: string, what: string): Finding {
  return { check, verdict: "ok", what };
}

export function note(check: string, what: string, remedy?: string): Finding {
  return { check, verdict: "note", what, ...(remedy === undefined ? {} : { remedy }) };
}

export function fail(check: string, what: string, remedy: string): Finding {
  return { check, verdict: "fail", what, remedy };
}
