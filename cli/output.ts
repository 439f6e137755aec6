/** What the parts say, made into lines of one terminal. Called by the house for each part's two streams. */

/** A longer line is cut; parts say sentences. */
const MAX_LINE_CHARS = 8192;

/** Cuts a stream of text into lines; `end` gives what is left. */
export interface LineCutter {
  push(chunk: string): readonly string[];
  end(): readonly string[];
}

export function createLineCutter(maxChars = MAX_LINE_CHARS): LineCutter {
  let rest = "";
  return {
    push(chunk) {
      const lines = (rest + chunk).split(/\r?\n/);
      rest = (lines.pop() ?? "").slice(0, maxChars);
      return lines.map((line) => line.slice(0, maxChars));
    },
    end() {
      const lines = rest === "" ? [] : [rest];
      rest = "";
      return lines;
    },
  };
}

/** A line of JSON logs as an object; null if it is not one. */
export function parseLog(line: string): { readonly [key: string]: unknown } | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line) as { readonly [key: string]: unknown };
  } catch {
    return null;
  }
}

const PART_WIDTH = 9;

/** One line for people: the part's name, then its words; a JSON log gives its message alone. */
export function forPeople(part: string, line: string): string {
  const log = parseLog(line);
  const text = typeof log?.msg === "string" ? log.msg : line;
  return `${part.padEnd(PART_WIDTH)}│ ${text}`;
}

/** One line for machines: JSON logs as they came, words wrapped with the part's name. */
export function forMachines(part: string, line: string): string {
  return parseLog(line) === null ? JSON.stringify({ part, msg: line }) : line;
}
