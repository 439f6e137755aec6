/** What stands in a source file, found by a real parser: comments and strings cannot pose as it. Called by the rules of the house. */
import { parseSync } from "@swc/core";

export interface Import {
  /** As written: `./x.ts`, `#protocol/names.ts`, `zod`. */
  readonly specifier: string;
  /** Gone when the program runs: `import type`, `export type`, `import("x").T`. */
  readonly typeOnly: boolean;
}

interface Node {
  readonly type?: string;
  readonly [key: string]: unknown;
}

/** @param path tells the syntax by its ending */
export function findImports(path: string, source: string): readonly Import[] {
  const found: Import[] = [];
  walk(parse(path, source), (node) => {
    const specifier = specifierOf(node);
    const typeOnly = node.typeOnly === true || node.type === "TsImportType";
    if (specifier !== undefined) found.push({ specifier, typeOnly });
  });
  return found;
}

/** How often the type `any` is written. */
export function countAny(path: string, source: string): number {
  let count = 0;
  walk(parse(path, source), (node) => {
    if (node.type === "TsKeywordType" && node.kind === "any") count++;
  });
  return count;
}

function parse(path: string, source: string): unknown {
  return parseSync(source, {
    target: "es2023",
    ...(/\.tsx?$/.test(path) ? { syntax: "typescript", tsx: path.endsWith("x") } : { syntax: "ecmascript" }),
  });
}

function specifierOf(node: Node): string | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
      return stringOf(node.source);
    case "TsImportType":
      return stringOf(node.argument);
    case "CallExpression":
      return (node.callee as Node).type === "Import" ? stringOf(firstArgument(node)) : undefined;
    default:
      return undefined;
  }
}

function firstArgument(call: Node): unknown {
  return (call.arguments as readonly { readonly expression: unknown }[])[0]?.expression;
}

function stringOf(node: unknown): string | undefined {
  const { type, value } = (node ?? {}) as Node;
  return type === "StringLiteral" && typeof value === "string" ? value : undefined;
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (typeof value === "object" && value !== null) {
    visit(value as Node);
    for (const child of Object.values(value)) walk(child, visit);
  }
}
