/** The agent's log: one JSON object a line for machines, or one sentence a line for people. */
import type { Clock } from "#base/clock.ts";

export type LogLevel = "info" | "warn" | "error";

export interface AgentLog {
  /**
   * @param event what happened, for machines: `connected`
   * @param text the same as a sentence for people
   */
  say(level: LogLevel, event: string, text: string, fields?: { readonly [name: string]: unknown }): void;
}

/** @param write takes one line without its end */
export function createAgentLog(json: boolean, clock: Clock, write: (line: string) => void): AgentLog {
  return {
    say(level, event, text, fields = {}) {
      if (!json) return write(text);
      write(JSON.stringify({ time: new Date(clock.now()).toISOString(), level, event, ...fields, msg: text }));
    },
  };
}
