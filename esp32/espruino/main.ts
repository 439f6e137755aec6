/**
 * The Pharos client for an ESP32 with Espruino: joins the Wi-Fi, connects to the hub, sends SOS, and does what it is
 * told with LED1, and reports what a pin measures. Written in the subset of TypeScript that the interpreter understands; `build/gates.mjs` holds it there.
 */
import type { Pharos } from "./config.ts";
import { Device } from "./device.ts";
import { createLight } from "./light.ts";
import { joinWifi } from "./network.ts";
import { createSensor } from "./sensor.ts";

declare const pharos: Pharos;

/** Longer than connecting may block. */
const WATCHDOG_SECONDS = 90;

/** Without it every device draws the same numbers, and a class returns as one after a power cut. */
function seedFrom(text: string): void {
  let seed = 7;
  for (let i = 0; i < text.length; i++) seed = (seed * 31 + text.charCodeAt(i)) % 1000003;
  E.srand(seed);
}

/** Anyone in the room could program the board over telnet or Bluetooth: neither asks for a password. */
function closeConsoles(): void {
  try {
    pharos.telnet.setOptions({ mode: "off" });
    if (typeof NRF !== "undefined") NRF.sleep();
  } catch (error) {
    print(`Consoles: ${error}`);
  }
}

seedFrom(getSerial() + pharos.config.id);
E.enableWatchdog(WATCHDOG_SECONDS, true);
if (!pharos.config.consoles) closeConsoles();

const device = new Device(pharos, createLight(LED1), createSensor(pharos.config.sensorPin));
device.start();
joinWifi(
  pharos.wifi,
  pharos.config,
  () => device.link.open(),
  () => device.link.close(),
);
