#!/usr/bin/env node
// The one command. Each word has a bundle of its own, so that `pharos agent` loads nothing of the hub.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @type {Record<string, string>} */
const COMMANDS = {
  start: "hub, agent and a simulated ESP32 together, as `npm start` does",
  hub: "the hub with its page",
  agent: "the Raspberry Pi agent",
  simulate: "simulated devices: `pharos simulate esp32|pi`",
};

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
  await run(new URL(`../dist/bundles/${command}.js`, import.meta.url));
}

/** @param {URL} bundle */
async function run(bundle) {
  if (!existsSync(fileURLToPath(bundle))) {
    process.stderr.write("Pharos is not built yet. Run `npm run build` in its folder first.\n");
    process.exitCode = 1;
    return;
  }
  const { main } = await import(bundle.href);
  // Exits even if a library keeps a handle open: `main` has closed what it opened.
  process.exit(await main(args));
}
