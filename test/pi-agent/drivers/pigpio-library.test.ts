/** What is said where the npm package, or the C library under it, is missing. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { whyPigpioIsNotInstalled } from "../../../pi-agent/drivers/pigpio-library.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();

/** Resolves from a folder that has the package, with what `addon` says in place of its addon. */
function requireFrom(addon: string | null): NodeJS.Require {
  const folder = newFolder();
  const library = join(folder, "node_modules/pigpio");
  mkdirSync(join(library, "build/Release"), { recursive: true });
  writeFileSync(join(library, "package.json"), '{"name":"pigpio","main":"pigpio.js"}');
  writeFileSync(join(library, "pigpio.js"), "");
  const require = createRequire(join(folder, "agent.js"));
  const replaced = (name: string): unknown => {
    if (!name.endsWith(".node")) return require(name) as unknown;
    if (addon === null) throw new Error("Module did not self-register");
    return JSON.parse(addon) as unknown;
  };
  return Object.assign(replaced, { resolve: require.resolve }) as NodeJS.Require;
}

describe("the npm package pigpio", () => {
  it("is missing where npm did not install it", () => {
    const require = createRequire(join(newFolder(), "agent.js"));
    expect(whyPigpioIsNotInstalled(require)?.message).toMatch(
      /^pigpio: the npm package pigpio is not installed\. Install it with: sudo apt install libpigpio-dev/,
    );
  });

  it.each([null, "{}"])("has no C library where its addon is %p", (addon) => {
    expect(whyPigpioIsNotInstalled(requireFrom(addon))?.message).toContain("the pigpio C library was missing");
  });

  it("is whole where its addon can initialise the library", () => {
    expect(whyPigpioIsNotInstalled(requireFrom('{"gpioInitialise":1}'))).toBeNull();
  });
});
