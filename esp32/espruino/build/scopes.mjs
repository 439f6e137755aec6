/** Which declaration each name in a program means; used by `gates.mjs`. Destructuring is not followed: a gate refuses it. */

/**
 * @typedef {import("./gates.mjs").Node} Node
 * @typedef {{ start: number, inLoopHead: boolean }} Binding
 * @typedef {{ names: Map<string, Binding>, isFunction: boolean, parent: Scope | null }} Scope
 * @typedef {{ node: Node, binding: Binding | null, crossesFunction: boolean, isTypeof: boolean }} Reference
 */

const LOOPS = new Set(["ForStatement", "ForInStatement", "ForOfStatement"]);
const FUNCTIONS = new Set([
  ...["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression", "MethodProperty", "GetterProperty"],
  ...["SetterProperty", "Constructor", "ClassMethod"],
]);
/** Node type → its parts that are names of members and not of variables. */
const MEMBER_NAMES = {
  KeyValueProperty: "key",
  MethodProperty: "key",
  GetterProperty: "key",
  SetterProperty: "key",
  ClassMethod: "key",
  Constructor: "key",
  ClassProperty: "key",
  MemberExpression: "property",
  SuperPropExpression: "property",
  LabeledStatement: "label",
  BreakStatement: "label",
  ContinueStatement: "label",
};

/**
 * Every use of a variable in a program.
 * @param {Node} program
 * @returns {Reference[]} in the order of the text, but for what a declaration collects first
 */
export function createScopes(program) {
  /** @type {Reference[]} */
  const references = [];
  const root = createScope(null, true);
  declareAll(program.body, root, root);
  for (const statement of program.body) walk(statement, root, false);
  return references;

  /** @param {Node} node @param {Scope} scope @param {boolean} isTypeof */
  function walk(node, scope, isTypeof) {
    if (node.type === "Identifier") {
      references.push({ node, ...resolve(node.value, scope), isTypeof });
      return;
    }
    const inner = scopeOf(node, scope);
    const skipped = /** @type {Record<string, string>} */ (MEMBER_NAMES)[node.type];
    for (const [key, part] of Object.entries(node)) {
      if (
        key === "params" ||
        key === "param" ||
        key === "identifier" ||
        (node.type === "VariableDeclarator" && key === "id")
      )
        continue;
      if (key === skipped && part?.type !== "Computed") continue;
      walkPart(part, inner, node.type === "UnaryExpression" && node.operator === "typeof");
    }
  }

  /** @param {any} part @param {Scope} scope @param {boolean} isTypeof */
  function walkPart(part, scope, isTypeof) {
    if (part === null || typeof part !== "object") return;
    if (Array.isArray(part)) for (const item of part) walkPart(item, scope, false);
    else if (typeof part.type === "string") walk(part, scope, isTypeof);
    else for (const [key, inside] of Object.entries(part)) if (key !== "params") walkPart(inside, scope, false);
  }
}

/** @param {Scope | null} parent @param {boolean} isFunction @returns {Scope} */
function createScope(parent, isFunction) {
  return { names: new Map(), isFunction, parent };
}

/** The scope that a node opens for its parts, or the one it stands in. @param {Node} node @param {Scope} scope @returns {Scope} */
function scopeOf(node, scope) {
  if (FUNCTIONS.has(node.type)) return functionScope(node, scope);
  if (node.type === "ClassExpression" || node.type === "ClassDeclaration") {
    const inner = createScope(scope, false);
    if (node.identifier) declare(node.identifier, inner, false);
    return inner;
  }
  if (node.type === "BlockStatement") {
    const inner = createScope(scope, false);
    declareAll(node.stmts, inner, null);
    return inner;
  }
  if (node.type === "CatchClause") {
    const inner = createScope(scope, false);
    if (node.param?.type === "Identifier") declare(node.param, inner, false);
    return inner;
  }
  if (LOOPS.has(node.type)) {
    const inner = createScope(scope, false);
    const head = node.init ?? node.left;
    if (head?.type === "VariableDeclaration") declareVariables(head, inner, true);
    return inner;
  }
  return scope;
}

/** @param {Node} node @param {Scope} scope @returns {Scope} */
function functionScope(node, scope) {
  const inner = createScope(scope, true);
  const parts = node.function ?? node;
  if (node.type === "FunctionExpression" && node.identifier) declare(node.identifier, inner, false);
  inner.names.set("arguments", { start: 0, inLoopHead: false });
  for (const parameter of parts.params ?? (parts.param ? [parts.param] : [])) {
    const pattern = parameter.pat ?? parameter;
    if (pattern.type === "Identifier") declare(pattern, inner, false);
  }
  if (parts.body?.stmts) declareAll(parts.body.stmts, inner, inner);
  return inner;
}

/**
 * Declares what the statements of a block declare; and with `vars` also every `var` further in.
 * @param {Node[]} statements @param {Scope} scope @param {Scope | null} vars
 */
function declareAll(statements, scope, vars) {
  for (const statement of statements) {
    if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration")
      declare(statement.identifier, scope, false);
    if (statement.type === "VariableDeclaration" && statement.kind !== "var") declareVariables(statement, scope, false);
    if (vars) declareVars(statement, vars);
  }
}

/** @param {Node} node @param {Scope} scope */
function declareVars(node, scope) {
  if (FUNCTIONS.has(node.type)) return;
  if (node.type === "VariableDeclaration" && node.kind === "var") declareVariables(node, scope, false);
  for (const part of Object.values(node).flat()) {
    if (part !== null && typeof part === "object" && typeof part.type === "string") declareVars(part, scope);
  }
}

/** @param {Node} declaration @param {Scope} scope @param {boolean} inLoopHead */
function declareVariables(declaration, scope, inLoopHead) {
  for (const { id } of declaration.declarations) if (id.type === "Identifier") declare(id, scope, inLoopHead);
}

/** @param {Node} identifier @param {Scope} scope @param {boolean} inLoopHead */
function declare(identifier, scope, inLoopHead) {
  const start = identifier.span?.start ?? 0;
  const known = scope.names.get(identifier.value);
  if (known === undefined || start < known.start) scope.names.set(identifier.value, { start, inLoopHead });
}

/** @param {string} name @param {Scope} from @returns {{ binding: Binding | null, crossesFunction: boolean }} */
function resolve(name, from) {
  let crossesFunction = false;
  for (let scope = /** @type {Scope | null} */ (from); scope !== null; scope = scope.parent) {
    const binding = scope.names.get(name);
    if (binding) return { binding, crossesFunction };
    crossesFunction ||= scope.isFunction;
  }
  return { binding: null, crossesFunction };
}
