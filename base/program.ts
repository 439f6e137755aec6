/** What every `pharos …` command does alike: `--help`, faults of usage, and a clean stop on SIGINT and SIGTERM. */
import { describeOptions, type OptionTable, type OptionValues, readOptions, UsageError } from "./options.ts";

export interface Program<T extends OptionTable> {
  /** As typed: `pharos hub`. */
  readonly usage: string;
  /** One or two sentences for `--help`. */
  readonly summary: string;
  readonly options: T;
  /**
   * Does the work until `stop` aborts.
   * @param args the words that `options` were read from, beside environment and file
   * @returns the exit code
   * @throws StartError (or UsageError) for a fault the user can mend; the message says how
   */
  run(options: OptionValues<T>, stop: AbortSignal, args: readonly string[]): Promise<number>;
}

/** Programs that belong to another, by their words: `install` of `pharos agent install`. */
export type Commands = { readonly [word: string]: Program<OptionTable> };

/** A fault that keeps a program from working, in one clear sentence with what helps; printed without a stack. */
export class StartError extends Error {}

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Ctrl+C under `npm start` arrives twice, from the terminal and from npm; a second within this time is the same one. */
const SAME_SIGNAL_MS = 500;

/**
 * Runs a program with the words after its name; resolves to the exit code. A second signal ends the process at once.
 * A program that was started with an IPC channel also stops when its parent has died.
 */
export async function runProgram<T extends OptionTable>(program: Program<T>, args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`Usage: ${program.usage}\n\n${program.summary}\n\n${describeOptions(program.options)}\n`);
    return 0;
  }
  const stop = new AbortController();
  let stoppedAt = Number.POSITIVE_INFINITY;
  const onSignal = (): void => {
    if (performance.now() - stoppedAt > SAME_SIGNAL_MS) process.exit(EXIT_FAILED);
    stoppedAt = Math.min(stoppedAt, performance.now());
    stop.abort();
  };
  const onOrphaned = (): void => {
    // The pipes to the parent are gone too: what is still said must not end the clean stop.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
    stop.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal).on("disconnect", onOrphaned);
  try {
    return await program.run(readOptions(program.options, args, process.env), stop.signal, args);
  } catch (error) {
    return reportFault(program.usage, error);
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal).off("disconnect", onOrphaned);
  }
}

/** Runs the command that the first word names, else the program itself, whose `--help` lists the commands. */
export function runCommands<T extends OptionTable>(
  program: Program<T>,
  commands: Commands,
  args: readonly string[],
): Promise<number> {
  const [word = "", ...rest] = args;
  const command = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (command !== undefined) return runProgram(command, rest);
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.length));
  const lines = Object.values(commands).map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${firstLine(summary)}`);
  return runProgram({ ...program, summary: `${program.summary}\n\n${lines.join("\n")}` }, args);
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

function reportFault(usage: string, error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nTry: ${usage.split(" [")[0]} --help\n`);
    return EXIT_USAGE;
  }
  const text =
    error instanceof StartError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`${text}\n`);
  return EXIT_FAILED;
}

/** Resolves when `signal` aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
