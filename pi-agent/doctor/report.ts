/** Findings as lines: for people, or as JSON for machines. Pure; used by doctor-program.ts. */
import { willWork } from "./diagnose.ts";
import type { Finding, Verdict } from "./finding.ts";

const MARKS: Readonly<Record<Verdict, string>> = { ok: "ok  ", note: "note", fail: "FAIL" };
const LEVELS: Readonly<Record<Verdict, string>> = { ok: "info", note: "warn", fail: "error" };

/** A line for each finding with its remedy below it, then the sum. */
export function readable(findings: readonly Finding[]): readonly string[] {
  const lines = findings.flatMap(({ verdict, what, remedy }) => {
    const line = `${MARKS[verdict]}  ${what}.`;
    return remedy === undefined ? [line] : [line, `      → ${remedy}`];
  });
  return [...lines, "", summary(findings)];
}

/** A JSON object for each finding, and one for the sum. @param time ms since the epoch */
export function jsonLines(findings: readonly Finding[], time: number): readonly string[] {
  const stamp = new Date(time).toISOString();
  const line = (level: string, event: string, fields: object, msg: string): string =>
    JSON.stringify({ time: stamp, level, event, ...fields, msg });
  return [
    ...findings.map((one) => line(LEVELS[one.verdict], "finding", one, one.what)),
    line(willWork(findings) ? "info" : "error", "diagnosis", { works: willWork(findings) }, summary(findings)),
  ];
}

function summary(findings: readonly Finding[]): string {
  const count = (wanted: Verdict): number => findings.filter(({ verdict }) => verdict === wanted).length;
  const notes = count("note");
  const noted = notes === 0 ? "" : notes === 1 ? " One thing is worth a look." : ` ${notes} things are worth a look.`;
  if (willWork(findings)) return `The agent will work here.${noted}`;
  return `The agent will not work here: mend what is marked FAIL, then run the doctor again.`;
}
