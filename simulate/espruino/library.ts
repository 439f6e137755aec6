/** Takes from a fresh JavaScript context what Espruino does not have, and adds what every object has there. */
import { type Context, createContext, runInContext } from "node:vm";

/** Members that Espruino 2v29 has; what else Node's have is taken away. */
const KEPT: { readonly [object: string]: string } = {
  Array: "length name prototype isArray",
  Object:
    "length name prototype assign create defineProperties defineProperty entries fromEntries getOwnPropertyDescriptor " +
    "getOwnPropertyDescriptors getOwnPropertyNames getPrototypeOf keys setPrototypeOf values",
  Number: "length name prototype MAX_VALUE MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY",
  String: "length name prototype fromCharCode",
  Math:
    "E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil cos exp floor log max min pow random round " +
    "sign sin sqrt tan",
  Promise: "length name prototype all reject resolve",
  Date: "length name prototype now parse",
};
const MISSING: { readonly [object: string]: string } = {
  globalThis:
    "Map Set WeakMap WeakRef WeakSet Symbol Proxy Reflect BigInt Intl AggregateError RangeError EvalError URIError " +
    "encodeURI decodeURI escape unescape SharedArrayBuffer Atomics BigInt64Array BigUint64Array FinalizationRegistry " +
    "WebAssembly Iterator",
  "String.prototype":
    "at codePointAt localeCompare matchAll normalize search trimEnd trimLeft trimRight trimStart isWellFormed toWellFormed",
  "Array.prototype":
    "at copyWithin entries findLast findLastIndex flat flatMap keys lastIndexOf reduceRight toReversed toSorted " +
    "toSpliced values with toLocaleString",
  "Number.prototype": "toExponential toPrecision toLocaleString",
  "Object.prototype": "isPrototypeOf propertyIsEnumerable toLocaleString __defineGetter__ __lookupGetter__",
  "Promise.prototype": "finally",
};

/**
 * Runs inside the context. Each object has `on`, `emit` and `clone`, so that `x.on` says nothing about `x`; `JSON.parse`
 * takes what follows the value; random numbers are the same on every board until `E.srand`.
 */
const SETUP = `(function (kept, missing) {
  "use strict";
  const global = globalThis;
  const at = (path) => (path === "globalThis" ? global : path.split(".").reduce((object, name) => object[name], global));
  // A few constants cannot be deleted; the build's gates know them.
  const remove = Reflect.deleteProperty;
  for (const path of Object.keys(kept)) {
    const names = kept[path].split(" ");
    for (const name of Object.getOwnPropertyNames(at(path))) if (!names.includes(name)) remove(at(path), name);
  }
  const define = (object, name, value) => Object.defineProperty(object, name, { value, writable: true, configurable: true });
  const handlers = new WeakMap();
  define(Object.prototype, "on", function (event, run) {
    const known = handlers.get(this) || {};
    handlers.set(this, known);
    (known[event] = known[event] || []).push(run);
  });
  define(Object.prototype, "emit", function (event, ...args) {
    for (const run of (handlers.get(this) || {})[event] || []) global.setTimeout(() => run.apply(this, args), 0);
  });
  define(Object.prototype, "removeAllListeners", function () { handlers.delete(this); });
  define(Object.prototype, "clone", function () { return Array.isArray(this) ? this.slice() : Object.assign({}, this); });
  const parse = JSON.parse;
  JSON.parse = function (text) {
    try {
      return parse(text);
    } catch (error) {
      const rest = / after JSON at position (\\d+)/.exec(error.message);
      if (!rest) throw error;
      return parse(String(text).slice(0, Number(rest[1])));
    }
  };
  let seed = 1;
  Math.random = function () {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  const srand = (value) => { seed = Math.abs(value | 0) % 2147483647 + 1; };
  for (const path of Object.keys(missing)) for (const name of missing[path].split(" ")) remove(at(path), name);
  return { random: () => Math.random(), srand };
})`;

export interface Library {
  readonly context: Context;
  readonly random: () => number;
  readonly srand: (seed: number) => void;
}

/** @param globals what the board adds: functions, pins, modules */
export function createLibrary(globals: { readonly [name: string]: unknown }): Library {
  const context = createContext({ ...globals }, { codeGeneration: { strings: true, wasm: false } });
  const setup = runInContext(SETUP, context) as (
    kept: typeof KEPT,
    missing: typeof MISSING,
  ) => { random: () => number; srand: (seed: number) => void };
  return { context, ...setup(KEPT, MISSING) };
}
