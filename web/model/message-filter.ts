/** Which messages the list shows. */
import type { Said } from "#protocol/dashboard-events.ts";

export const KINDS = ["message", "sent", "heartbeat", "report", "log", "presence"] as const satisfies Said["kind"][];

export interface MessageFilter {
  /** A device's id, or empty for all. */
  readonly device: string;
  /** A room, or empty for all. */
  readonly room: string;
  /** Kinds that are left out. */
  readonly hidden: ReadonlySet<Said["kind"]>;
  /** Part of the text, any case. */
  readonly text: string;
}

export const ALL: MessageFilter = { device: "", room: "", hidden: new Set(), text: "" };

/** Whether the filter lets `said` through. A device matches as sender or as receiver. */
export function passes(filter: MessageFilter, said: Said): boolean {
  const { device, room, hidden, text } = filter;
  if (hidden.has(said.kind)) return false;
  if (device !== "" && said.from !== device && !said.to.includes(device)) return false;
  if (room !== "" && !said.to.includes(room)) return false;
  return text === "" || said.text.toLowerCase().includes(text.toLowerCase());
}

/** How many messages the hub dropped just before `said`, when `before` came last. */
export function missedBefore(said: Said, before: Said | undefined): number {
  return before === undefined ? 0 : Math.max(0, said.seq - before.seq - 1);
}
