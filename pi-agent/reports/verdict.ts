/** What the hub's answer to a report means for it. Pure; used by the outbox. */

/** `refused`: never sent again. `later`: nothing is wrong with it. `failed`: the hub made a mistake, perhaps because of it. */
export type Verdict = "taken" | "silent" | { readonly kind: "refused" | "later" | "failed"; readonly reason: string };

/** Codes of the hub that are about what was sent (protocol/errors.ts). */
const ABOUT_THE_REPORT = new Set([
  "INVALID_VALUE",
  "READ_ONLY",
  "NO_PROPERTY",
  "TOO_BIG",
  "BAD_FRAME",
  "BAD_REQUEST",
  "UNKNOWN_EVENT",
]);

export function verdictOf(answer: unknown): Verdict {
  if (typeof answer !== "object" || answer === null || !("error" in answer)) return "taken";
  const { code, message } = (answer.error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  const reason = `${message ?? "it does not say why"} (${code ?? "no code"})`;
  if (ABOUT_THE_REPORT.has(String(code))) return { kind: "refused", reason };
  return { kind: code === "INTERNAL" || code === undefined ? "failed" : "later", reason };
}
