/**
 * Refuses JavaScript that esbuild lets through and Espruino runs wrongly or not at all. Each gate is a fact about the
 * interpreter (2v29), not a matter of taste. Used by `build.mjs` on what goes to the device.
 */
import { parseSync } from "@swc/core";
import { isGlobal, isMissing } from "./library.mjs";
import { createScopes } from "./scopes.mjs";

/** Node type → why it may not be there. */
const FORBIDDEN = {
  LabeledStatement: "labels are not understood",
  AssignmentPattern: "default values are not understood",
  AssignmentPatternProperty: "default values and destructuring are not understood",
  ObjectPattern: "destructuring is not understood",
  ArrayPattern: "destructuring is not understood",
  RestElement: "rest parameters are not understood",
  SpreadElement: "spread is not understood",
  AwaitExpression: "async functions are not understood",
  YieldExpression: "generators are not understood",
  OptionalChainingExpression: "?. is not understood",
  ClassProperty: "class fields are not understood",
  PrivateProperty: "#private is not understood",
  PrivateMethod: "#private is not understood",
  PrivateName: "#private is not understood",
  StaticBlock: "static blocks are not understood",
  BigIntLiteral: "BigInt is missing",
  WithStatement: "with is not understood",
};
const OPERATORS = new Set(["**", "**=", "&&=", "||=", "??="]);
const ERRORS = /^(Error|TypeError|SyntaxError|ReferenceError|InternalError)$/;

/**
 * @typedef {{ type: string, span?: { start: number, end: number }, [key: string]: any }} Node
 * @typedef {{ line: number, reason: string, excerpt: string }} Fault
 */

/**
 * All that the interpreter would not run as it is meant.
 * @param {string} code JavaScript, ASCII
 * @returns {Fault[]} empty when the code may go to a device
 */
export function faultsOf(code) {
  // swc counts positions from an offset of its own; the empty statement in front shows it.
  const program = parseSync(`;${code}`, { syntax: "ecmascript", target: "es2022" });
  const base = (program.body[0]?.span.start ?? 0) + 1;
  /** @type {Fault[]} */
  const faults = [];
  /** @param {Node} node @param {string} reason */
  const report = (node, reason) => faults.push(locate(code, (node.span?.start ?? base) - base, reason));
  if (/[^\n\x20-\x7e]/.test(code))
    faults.push(locate(code, code.search(/[^\n\x20-\x7e]/), "only ASCII is read rightly"));
  visit(/** @type {any} */ (program), [
    (node) => checkSyntax(node, report),
    (node) => checkRegExp(node, report),
    (node) => checkLibrary(node, report),
  ]);
  for (const { node, reason } of checkNames(/** @type {any} */ (program))) report(node, reason);
  return faults;
}

/** @param {string} code @param {number} at @param {string} reason @returns {Fault} */
function locate(code, at, reason) {
  const before = code.slice(0, at);
  const excerpt = code.slice(at, at + 60).split("\n")[0] ?? "";
  return { line: before.split("\n").length, reason, excerpt };
}

/** @param {Node} node @param {((node: Node) => void)[]} checks */
function visit(node, checks) {
  for (const check of checks) check(node);
  for (const child of childrenOf(node)) visit(child, checks);
}

/** @param {Node} node @returns {Node[]} */
export function childrenOf(node) {
  return Object.values(node)
    .flat()
    .filter((child) => child !== null && typeof child === "object")
    .flatMap((child) => (typeof child.type === "string" ? [child] : childrenOf(child)));
}

/** @typedef {(node: Node, reason: string) => unknown} Report */

/** @param {Node} node @param {Report} report */
function checkSyntax(node, report) {
  const reason = /** @type {Record<string, string>} */ (FORBIDDEN)[node.type];
  if (reason) report(node, reason);
  if (node.type !== "MemberExpression" && node.key?.type === "Computed")
    report(node.key, "computed keys are not understood");
  if (node.async === true || node.generator === true) report(node, "async functions and generators are not understood");
  if (node.isAwait === true) report(node, "for await is not understood");
  if (typeof node.operator === "string" && OPERATORS.has(node.operator))
    report(node, `${node.operator} is not understood`);
  for (const part of [node.elements, node.arguments].filter(Array.isArray).flat()) {
    if (part?.spread) report(node, "spread is not understood");
  }
  if (ERRORS.test(node.superClass?.value ?? "")) report(node, "a class that extends Error loses its message");
  if (node.type === "MetaProperty" && node.kind === "new.target") report(node, "new.target is not understood");
}

/** @param {Node} node @param {Report} report */
function checkRegExp(node, report) {
  if (node.type === "NewExpression" || node.type === "CallExpression") {
    if (node.callee.value === "RegExp") report(node, "RegExp(text) hides the pattern from the build; write a literal");
  }
  if (node.type !== "RegExpLiteral") return;
  const pattern = node.pattern.replace(/\\./g, "x").replace(/\[[^\]]*\]/g, "x");
  if (/\{\d/.test(pattern)) report(node, "{n} in a pattern matches nothing");
  if (/\(\?/.test(pattern)) report(node, "lookahead and (?…) groups in a pattern match nothing");
  if (/\)[*+?]/.test(pattern)) report(node, "a repeated or optional group in a pattern matches wrongly");
}

/** @param {Node} node @param {Report} report */
function checkLibrary(node, report) {
  if (node.type !== "MemberExpression" || node.property.type !== "Identifier") return;
  const object = node.object.type === "Identifier" && isGlobal(node.object.value) ? node.object.value : null;
  const member = node.property.value;
  if (isMissing(object, member)) report(node, `${object ?? "the method "}${object ? "." : ""}${member} is missing`);
}

/**
 * The gates that need to know which declaration a name means.
 * @param {Node} program
 * @returns {{ node: Node, reason: string }[]}
 */
function checkNames(program) {
  const faults = [];
  for (const { node, binding, crossesFunction, isTypeof } of createScopes(program)) {
    const name = node.value;
    if (binding === null) {
      if (!isGlobal(name) && !isTypeof) faults.push({ node, reason: `there is no ${name}` });
    } else if ((node.span?.start ?? 0) < binding.start) {
      faults.push({ node, reason: `${name} is used above its declaration: nothing is hoisted` });
    } else if (binding.inLoopHead && crossesFunction) {
      faults.push({ node, reason: `every function made in this loop sees the last ${name}` });
    }
  }
  return faults;
}
