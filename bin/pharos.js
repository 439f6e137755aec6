#!/usr/bin/env node
// The one command. Each word has a bundle of its own, so that `pharos agent` loads nothing of the hub.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @type {Record<string, string>} */
const COMMANDS = {
  start: "hub, agent and a simulated ESP32 together, as `npm start` does",
  hub: "the hub with its page; `pharos hub install` makes it a service",
  agent: "the Raspberry Pi agent; `pharos agent install` makes it a service",
  simulate: "simulated devices: `pharos simulate KIND`",
  backup: "all that lasts in one file: `pharos backup FILE`",
  restore: "puts a backup in the place of what is there: `pharos restore FILE`",
  user: "who may sign in to the hub, for when nobody can: `pharos user list`",
};

/**
 * Words that the bundle of another one knows.
 * @type {Record<string, string>}
 */
const WITHIN = { backup: "hub", restore: "hub", user: "hub" };

const HELP = `Usage: pharos COMMAND [options]

${Object.entries(COMMANDS)
  .map(([name, help]) => `  ${name.padEnd(10)}${help}`)
  .join("\n")}

\`pharos COMMAND --help\` lists the options of a command.
`;

const [command = "--help", ...args] = process.argv.slice(2);

if (command === "--version") {
  const file = new URL("../package.json", import.meta.url);
  process.stdout.write(`${JSON.parse(readFileSync(file, "utf8")).version}\n`);
} else if (command === "--help" || command === "-h") {
  process.stdout.write(HELP);
} else if (!Object.hasOwn(COMMANDS, command)) {
  process.stderr.write(`pharos ${command}: there is no such command.\n\n${HELP}`);
  process.exitCode = 2;
} else {
  const bundle = WITHIN[command];
  if (bundle === undefined) await run(command, command, args);
  else await run(command, bundle, [command, ...args]);
}

/**
 * @param {string} command as typed
 * @param {string} name of its bundle
 * @param {string[]} words for it
 */
async function run(command, name, words) {
  // As a service each program has a folder of its own, `/usr/lib/pharos-agent`, and finds the other one beside it.
  const places = [`../dist/bundles/${name}.js`, `../../pharos-${name}/dist/bundles/${name}.js`];
  const bundle = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(fileURLToPath(url)));
  if (bundle === undefined) {
    const isClone = existsSync(fileURLToPath(new URL("../scripts/build.mjs", import.meta.url)));
    process.stderr.write(
      isClone
        ? "Pharos is not built yet. Run `npm run build` in its folder first.\n"
        : `pharos ${command} is not part of what is installed here: run it from a clone of Pharos.\n`,
    );
    process.exitCode = 1;
    return;
  }
  // Node would print the line of a bundle that has few and long ones.
  process.on("uncaughtException", (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  });
  const { main } = await import(bundle.href);
  // Exits even if a library keeps a handle open: `main` has closed what it opened.
  process.exit(await main(words));
}
