/** The hub's log: one JSON object a line for machines, or one sentence a line for people. */
import pino, { type Logger } from "pino";
import pretty from "pino-pretty";

export type { Logger };

/** @param write where lines go; standard output in the program, a list in tests */
export function createLogger(json: boolean, write: (line: string) => void): Logger {
  const sink = { write };
  if (json) return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, sink);
  const people = pretty.prettyFactory({
    colorize: false,
    translateTime: "SYS:HH:MM:ss",
    hideObject: true,
    ignore: "level",
  });
  return pino({ base: null }, { write: (line) => write(people(line) ?? "") });
}
