/** Asks for a new password: unseen on a terminal, else from standard input; never by a flag, which others would see. Called by `user-commands.ts`. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { StartError } from "#base/program.ts";

const MOST_BYTES = 4_096;

export interface Console {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Where it is asked; not where results go. */
  readonly output: NodeJS.WritableStream;
}

/** @throws StartError when there is none */
export async function askPassword({ input, output }: Console): Promise<string> {
  if (input.isTTY !== true) return readFirstLine(input);
  const [password = "", again] = await readUnseen(input, output, ["New password: ", "The same again: "]);
  if (password !== again) throw new StartError("The two are not the same: nothing was changed.");
  return password;
}

async function readFirstLine(input: NodeJS.ReadableStream): Promise<string> {
  let bytes = Buffer.alloc(0);
  for await (const piece of input) {
    bytes = Buffer.concat([bytes, Buffer.from(piece)]);
    if (bytes.length > MOST_BYTES) throw new StartError("The password on standard input is too long.");
  }
  const [line = ""] = bytes.toString("utf8").split(/\r?\n/);
  if (line === "") throw new StartError("There is no password on standard input: nothing was changed.");
  return line;
}

function readUnseen(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  prompts: readonly string[],
): Promise<readonly string[]> {
  const nowhere = new Writable({ write: (_, __, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  const answers: string[] = [];
  return new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      answers.push(line);
      output.write(`\n${prompts[answers.length] ?? ""}`);
      if (answers.length < prompts.length) return;
      resolve(answers);
      lines.close();
    });
    // Ctrl+C and Ctrl+D; after an answer it is too late to matter.
    lines.on("SIGINT", () => lines.close());
    lines.on("close", () => reject(new StartError("\nNothing was changed.")));
    // After the listeners: what was typed ahead is an answer too.
    output.write(prompts[0] ?? "");
  });
}
