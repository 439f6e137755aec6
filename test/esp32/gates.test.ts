import { describe, expect, it } from "@jest/globals";
import { faultsOf } from "../../esp32/espruino/build/gates.mjs";

const reasons = (code: string): string[] => faultsOf(code).map((fault) => fault.reason);

describe("the gates of the Espruino build", () => {
  it.each([
    ["computed keys", `var k = "a"; print({ [k]: 1 });`, /computed keys/],
    ["computed methods", `var k = "a"; class A { [k]() {} } print(A);`, /computed keys/],
    ["a function called above its declaration", `f(); function f() {}`, /f is used above its declaration/],
    ["a function named above its declaration", `function g() { f(); } function f() {} g();`, /f is used above/],
    ["a class used above its declaration", `print(new A()); class A {}`, /A is used above/],
    ["a variable used above its declaration", `print(x); var x = 1;`, /x is used above/],
    [
      "a closure over the let of a for",
      `for (let i = 0; i < 3; i++) setTimeout(function () { print(i); }, 1);`,
      /sees the last i/,
    ],
    ["a closure over the const of a for-of", `for (const x of [1]) setTimeout(() => print(x), 1);`, /sees the last x/],
    ["a closure over the var of a for-in", `for (var x in {}) setTimeout(() => print(x), 1);`, /sees the last x/],
    ["Array.from", `print(Array.from("ab"));`, /Array\.from is missing/],
    ["Number.isFinite", `print(Number.isFinite(1));`, /Number\.isFinite is missing/],
    ["Number.isInteger", `print(Number.isInteger(1));`, /Number\.isInteger is missing/],
    ["Math.trunc", `print(Math.trunc(1.5));`, /Math\.trunc is missing/],
    ["Object.freeze", `print(Object.freeze({}));`, /Object\.freeze is missing/],
    ["Promise.finally", `Promise.resolve().finally(print);`, /finally is missing/],
    ["String.at", `print("ab".at(0));`, /at is missing/],
    ["Map", `print(new Map());`, /there is no Map/],
    ["Set", `print(new Set());`, /there is no Set/],
    ["Symbol", `print(Symbol.iterator);`, /there is no Symbol/],
    ["a name that nothing declares", `print(windw);`, /there is no windw/],
    ["{n} in a pattern", `print(/a{2}/.test("aa"));`, /\{n\}/],
    ["lookahead in a pattern", `print(/a(?=b)/.test("ab"));`, /lookahead/],
    ["an optional group in a pattern", `print(/a(b)?c/.test("ac"));`, /optional group/],
    ["a pattern made of text", `print(new RegExp("a"));`, /hides the pattern/],
    ["labels", `out: for (;;) break out;`, /labels/],
    ["a class that extends Error", `class E1 extends Error {} print(E1);`, /extends Error/],
    ["default parameters", `print(function (a = 1) { return a; });`, /default values/],
    ["rest parameters", `print(function (...a) { return a; });`, /rest parameters/],
    ["spread in calls", `print(...[1]);`, /spread/],
    ["spread in arrays", `print([...[1]]);`, /spread/],
    ["spread in objects", `print({ ...{} });`, /spread/],
    ["destructuring of objects", `var { length } = "a"; print(1);`, /destructuring/],
    ["destructuring of arrays", `var [a] = [1]; print(1);`, /destructuring/],
    ["async functions", `print(async function () {});`, /async/],
    ["async methods", `print({ async m() {} });`, /async/],
    ["generators", `print(function* () {});`, /generators/],
    ["#private", `class A { #x = 1; } print(A);`, /#private/],
    ["class fields", `class A { x = 1; } print(A);`, /class fields/],
    ["?.", `print(E?.x);`, /\?\. is not/],
    ["**", `print(2 ** 3);`, /\*\* is not/],
    ["??=", `var a; a ??= 1; print(a);`, /\?\?= is not/],
    ["BigInt", `print(1n);`, /BigInt/],
    ["new.target", `print(function () { return new.target; });`, /new\.target/],
    ["what is not ASCII", `print("caf\u00e9");`, /ASCII/],
  ])("refuse %s", (_what, code, reason) => {
    expect(reasons(code).join("\n")).toMatch(reason);
  });

  it("let through what the interpreter runs", () => {
    const code = `
      var list = [3, 1].map((x) => x * 2).filter(function (x) { return x > 2; });
      class A { constructor(x) { this.x = x; } get twice() { return this.x * 2; } m() { return () => this.x; } }
      class B extends A { m() { return super.m(); } }
      const helper = { open() { helper.alarm(); }, alarm() {} };
      for (const x of list) print(\`\${x}\`);
      for (var i = 0; i < 3; i++) { const y = i; setTimeout(function () { print(y); }, 1); }
      function loop(n) { return n ? loop(n - 1) : 0; }
      try { loop(1); } catch (e) { print(e); }
      print(new B(1).twice ?? 0, typeof NRF, JSON.stringify({ list, n: Math.floor(1.5) }), Object.keys({}).length);
      print(/^[a-z]+$/.test("x"), helper.on, arguments.length);`;
    expect(reasons(code)).toEqual([]);
  });

  it("do not take a parameter for a variable of the same name further down", () => {
    expect(reasons(`function f(x) { return x; } var x = f(1); print(x);`)).toEqual([]);
  });

  it("tell the line and what stands there", () => {
    expect(faultsOf(`print(1);\nprint(Math.trunc(2));`)).toEqual([
      { line: 2, reason: "Math.trunc is missing", excerpt: "Math.trunc(2));" },
    ]);
  });
});
