/** The standard library as Espruino 2v29 has it, read from the interpreter itself; used by `gates.mjs`. */

/** Global name → its static members; null where any member is the board's own affair. */
const GLOBALS = {
  Array: ["isArray"],
  Object: [
    "assign",
    "create",
    "defineProperties",
    "defineProperty",
    "entries",
    "fromEntries",
    "getOwnPropertyDescriptor",
    "getOwnPropertyNames",
    "getPrototypeOf",
    "keys",
    "prototype",
    "setPrototypeOf",
    "values",
  ],
  Number: ["MAX_VALUE", "MIN_VALUE", "NEGATIVE_INFINITY", "NaN", "POSITIVE_INFINITY"],
  String: ["fromCharCode"],
  Math: [
    ...[
      "E",
      "LN10",
      "LN2",
      "LOG10E",
      "LOG2E",
      "PI",
      "SQRT1_2",
      "SQRT2",
      "abs",
      "acos",
      "asin",
      "atan",
      "atan2",
      "ceil",
    ],
    ...["cos", "exp", "floor", "log", "max", "min", "pow", "random", "round", "sign", "sin", "sqrt", "tan"],
  ],
  JSON: ["parse", "stringify"],
  Date: ["now", "parse"],
  Promise: ["all", "reject", "resolve"],
  ...Object.fromEntries(
    [
      ...["E", "process", "console", "Error", "TypeError", "SyntaxError", "ReferenceError", "InternalError", "Modules"],
      ...["ArrayBuffer", "Uint8Array", "Uint16Array", "Uint32Array", "Int8Array", "Int16Array", "Int32Array"],
      ...["Float32Array", "Float64Array", "DataView", "Boolean", "Function", "Infinity", "NaN", "undefined", "global"],
      ...["isNaN", "isFinite", "parseInt", "parseFloat", "eval", "atob", "btoa", "arguments", "globalThis", "require"],
      ...["print", "getTime", "getSerial", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "NRF", "LED1"],
      ...["changeInterval", "digitalWrite", "digitalRead", "analogWrite", "analogRead", "pinMode", "setWatch", "D2"],
      // The build's own: the configuration and the modules in front of the bundle.
      ...["pharos", "pharosConfig"],
    ].map((name) => [name, null]),
  ),
};

/** Methods of instances that other engines have and this one lacks. */
const MISSING_METHODS = new Set([
  ...["at", "codePointAt", "copyWithin", "finally", "findLast", "findLastIndex", "flat", "flatMap", "isPrototypeOf"],
  ...[
    "localeCompare",
    "matchAll",
    "normalize",
    "once",
    "propertyIsEnumerable",
    "reduceRight",
    "search",
    "toExponential",
  ],
  ...["toPrecision", "toReversed", "toSorted", "trimEnd", "trimStart", "with"],
]);

/** @param {string} name of a variable that nothing in the program declares */
export function isGlobal(name) {
  return Object.hasOwn(GLOBALS, name);
}

/**
 * Whether `object.member` is missing.
 * @param {string | null} object the name of a global, or null for an instance
 * @param {string} member
 */
export function isMissing(object, member) {
  if (object === null) return MISSING_METHODS.has(member);
  /** @type {Record<string, string[] | null>} */
  const table = GLOBALS;
  const members = table[object];
  return Array.isArray(members) && !members.includes(member);
}
