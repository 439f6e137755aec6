/** One step of an installation as a value: planned by plan.ts, found done or not by outstanding.ts, taken by apply.ts. */

/** Paths are from the root of the system, wherever that lies. */
export type Step =
  | { readonly kind: "folder"; readonly path: string; readonly mode: number }
  | { readonly kind: "copy"; readonly path: string; readonly from: string; readonly mode: number }
  | {
      readonly kind: "write";
      readonly path: string;
      readonly text: string;
      readonly mode: number;
      readonly secret?: true;
    }
  | { readonly kind: "link"; readonly path: string; readonly to: string }
  /** A file, a link or a folder with all that is in it. */
  | { readonly kind: "remove"; readonly path: string }
  | { readonly kind: "remove-empty"; readonly path: string }
  | { readonly kind: "run"; readonly command: readonly string[]; readonly mayFail?: true };

/** The step as `--dry-run` prints it; a secret is never shown. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case "folder":
      return `make folder  ${step.path} (${octal(step.mode)})`;
    case "copy":
      return `copy         ${step.from} to ${step.path} (${octal(step.mode)})`;
    case "write":
      return `write        ${step.path} (${octal(step.mode)})${contents(step)}`;
    case "link":
      return `link         ${step.path} to ${step.to}`;
    case "remove":
      return `remove       ${step.path}`;
    case "remove-empty":
      return `remove       ${step.path}, which is empty`;
    case "run":
      return `run          ${step.command.join(" ")}`;
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

function contents({ text, secret }: Extract<Step, { kind: "write" }>): string {
  if (secret) return text === "" ? ": empty" : ": not shown";
  return `:\n${text.trimEnd().replace(/^/gm, "               ")}`;
}
