/** `npm run esp32 -- build|upload`: the client for one ESP32 with Espruino, with its configuration, and onto the board. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./build.mjs";
import { Fault, isMain, runScript } from "./fault.mjs";

/** The uploader is run as a process of its own: it turns off the check of certificates for all of the process it is in. */
const UPLOADER = "espruino@0.1.67";
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MAX_ROOMS = 4;
/** The pins that have an ADC beside the Wi-Fi. */
const SENSOR_PIN = /^D?(3[2-9])$/i;

const HELP = `Usage: npm run esp32 -- build|upload [options]

build writes the client for one board to dist/esp32/ID.js; upload also puts it on the board, where it starts by itself.

  --ssid NAME          Wi-Fi to join (needed)
  --password TEXT      its password; without one the network is open
  --hub URL            address of the hub, http://HOST:PORT (needed; the board has no https and no IPv6)
  --id ID              id of the device, 1 to 64 of A-Z a-z 0-9 . _ - (needed)
  --port PORT          for upload: serial port such as /dev/ttyUSB0 or COM3, or tcp://ADDRESS
  --room ROOM          room to be in; up to ${MAX_ROOMS} times
  --token TOKEN        token, if the hub wants one
  --heartbeat SECONDS  time between two beats, 1 to 3600 (default 5)
  --sensor-pin PIN     pin to measure, D32 to D39, as property input in percent (default: none)
  --report SECONDS     time between two measurements, 0.05 to 3600 (default 1)
  --consoles           leaves the board's telnet and Bluetooth consoles open; they have no password
  --modules DIR        folder with Espruino's ws.js, for a computer without internet
  --dry-run            for upload: prints the command instead of running it
`;

/** @type {import("node:util").ParseArgsConfig["options"]} */
const OPTIONS = {
  ssid: { type: "string" },
  password: { type: "string" },
  hub: { type: "string" },
  id: { type: "string" },
  port: { type: "string" },
  room: { type: "string", multiple: true },
  token: { type: "string" },
  heartbeat: { type: "string" },
  "sensor-pin": { type: "string" },
  report: { type: "string" },
  modules: { type: "string" },
  consoles: { type: "boolean" },
  "dry-run": { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

/** @typedef {{ [name: string]: string | boolean | string[] | undefined }} Given */
/** @typedef {import("../esp32/espruino/config.ts").Config} Config */

/**
 * @param {readonly string[]} args words after the script's name
 * @returns {Promise<void>}
 */
export async function main(args) {
  const { command, given } = read(args);
  if (given.help || command === undefined) {
    process.stdout.write(HELP);
    return;
  }
  if (command !== "build" && command !== "upload") throw new Fault(`esp32 ${command}: say build or upload.\n\n${HELP}`);
  const config = configOf(given, command);
  const outfile = join(ROOT, "dist/esp32", `${config.id}.js`);
  const { buildEspruino } = await import("../esp32/espruino/build/build.mjs");
  const { bytes } = await buildEspruino(config, outfile);
  console.log(`${outfile}: ${bytes} bytes for ${config.id}. The Wi-Fi password stands in it.`);
  if (command === "upload") upload(uploadWords(given, outfile), given["dry-run"] === true);
}

/** @param {readonly string[]} args @returns {{ command: string | undefined, given: Given }} */
function read(args) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS ?? {}, allowPositionals: true });
    return { command: positionals[0], given: /** @type {Given} */ (values) };
  } catch (error) {
    throw new Fault(`${/** @type {Error} */ (error).message}\nTry: npm run esp32 -- --help`);
  }
}

/**
 * What the options say, checked.
 * @param {Given} given
 * @param {string} command
 * @returns {Config}
 * @throws {Fault} with a line for each fault
 */
function configOf(given, command) {
  /** @type {string[]} */
  const faults = [];
  const text = (/** @type {string} */ name) => (typeof given[name] === "string" ? given[name] : "");
  /** @param {string} name @param {string} why */
  const need = (name, why) => text(name) || faults.push(`--${name} is missing: ${why}`);
  need("ssid", "the name of the Wi-Fi to join");
  need("hub", "the address of the hub, such as http://192.168.1.5:5000");
  need("id", "the id of the device, such as esp32-1");
  if (command === "upload") need("port", "where the board is, such as /dev/ttyUSB0, COM3 or tcp://192.168.1.50");
  const id = text("id");
  const rooms = /** @type {string[]} */ (given.room ?? []);
  const heartbeat = Number(text("heartbeat") || 5);
  const report = Number(text("report") || 1);
  const sensor = text("sensor-pin");
  const pin = SENSOR_PIN.exec(sensor)?.[1];
  for (const name of [...(id ? [id] : []), ...rooms]) {
    if (!ID.test(name))
      faults.push(`${name}: ids and rooms are 1 to 64 of A-Z a-z 0-9 . _ - and start with a letter or digit`);
  }
  if (rooms.length > MAX_ROOMS) faults.push(`--room: at most ${MAX_ROOMS} rooms`);
  if (Buffer.byteLength(text("ssid")) > 32) faults.push("--ssid: a network's name has at most 32 bytes");
  if (Buffer.byteLength(text("password")) > 63) faults.push("--password: at most 63 bytes");
  if (!/^[!-~]*$/.test(text("token"))) faults.push("--token: visible ASCII only, without spaces");
  if (!(heartbeat >= 1 && heartbeat <= 3600)) faults.push("--heartbeat: 1 to 3600 seconds");
  if (!(report >= 0.05 && report <= 3600)) faults.push("--report: 0.05 to 3600 seconds");
  if (sensor && !pin) faults.push(`--sensor-pin ${sensor}: one of D32 to D39; no other can measure beside the Wi-Fi`);
  const address = text("hub") ? hubAddress(text("hub"), faults) : { host: "", port: 0 };
  if (faults.length > 0) throw new Fault(`${faults.join("\n")}\nTry: npm run esp32 -- --help`);
  return {
    ...{ ssid: text("ssid"), password: text("password"), ...address },
    ...{ id, token: text("token"), rooms, heartbeat, sensorPin: pin ? Number(pin) : null, report },
    consoles: given.consoles === true,
  };
}

/** @param {string} hub @param {string[]} faults @returns {{ host: string, port: number }} */
function hubAddress(hub, faults) {
  const url = URL.canParse(hub) ? new URL(hub) : null;
  if (url?.protocol !== "http:" || url.pathname !== "/" || url.hostname.startsWith("[")) {
    faults.push(`--hub ${hub}: write http://HOST:PORT, without https and without IPv6, which the board does not have`);
  } else if (url.hostname === "localhost" || url.hostname.startsWith("127.")) {
    faults.push(
      `--hub ${hub}: on the board that is the board itself; give the address that other devices reach the hub by`,
    );
  }
  return { host: url?.hostname ?? "", port: Number(url?.port || 80) };
}

/**
 * The words after `npm` that put a file on the board as the code it starts with. Without `-m`: the file is minified already, and
 * the uploader's own minifier spoils the bytes of names that are not ASCII.
 * @param {Given} given @param {string} file @returns {string[]}
 */
function uploadWords(given, file) {
  const modules = given.modules ? ["--config", `MODULE_URL=${given.modules}`] : [];
  return [
    ...["exec", "--yes", `--package=${UPLOADER}`, "--", "espruino"],
    ...["-p", String(given.port), "-b", "115200", "--no-ble", "--config", "SAVE_ON_SEND=1", ...modules, file],
  ];
}

/** @param {readonly string[]} words @param {boolean} isDry */
function upload(words, isDry) {
  if (isDry) {
    console.log(`npm ${words.map((word) => (/^[\w@.,:/=+-]+$/.test(word) ? word : JSON.stringify(word))).join(" ")}`);
    return;
  }
  const { status, error } = spawnSync("npm", words, { stdio: "inherit", shell: process.platform === "win32" });
  if (error) throw new Fault(`npm could not be started (${error.message}): is it installed and on the path?`);
  if (status !== 0) {
    throw new Fault(
      "The upload failed. Is the port right, is no other program using it, and is Espruino on the board?",
    );
  }
}

if (isMain(import.meta.url)) await runScript(() => main(process.argv.slice(2)));
