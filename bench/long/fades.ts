/** CPU of a hundred lights that fade at the same time, each through the kernel driver on files of its own; the goal is under 5 % of a core. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "#base/clock.ts";
import { createKernelDriver } from "../../pi-agent/drivers/kernel.ts";
import { createSysfs } from "../../pi-agent/drivers/sysfs.ts";
import { createForgetfulLevels } from "../../pi-agent/last-levels.ts";
import { Outputs } from "../../pi-agent/outputs.ts";
import { round } from "../harness/statistics.ts";

/** A board has pins for 25 lights: four boards. */
const BOARDS = 4;
const PINS = Array.from({ length: 25 }, (_, i) => i + 2);
const FADE_MS = 10_000;
const GOAL = 0.05;

// Nothing else keeps the process alive: timers of the clock do not.
setInterval(() => {}, 60_000).unref();
const folder = mkdtempSync(join(tmpdir(), "pharos-fades-"));
const boards = await Promise.all(Array.from({ length: BOARDS }, (_, i) => openBoard(join(folder, `board${i}`))));
const idle = await measure(2_000);
const all = (level: number) => Object.fromEntries(PINS.map((pin) => [`light${pin}`, level]));
await Promise.all(boards.map((board) => board.set({ ...all(100), transition: FADE_MS })));
const fading = await measure(FADE_MS);
for (const board of boards) await board.close();
rmSync(folder, { recursive: true });

console.log(`${BOARDS * PINS.length} lights that fade for ${FADE_MS / 1000} s, share of a core`);
console.table({ idle: { share: round(idle, 3) }, fading: { share: round(fading, 3) }, goal: { share: GOAL } });
process.exit(fading < GOAL ? 0 : 1);

async function openBoard(root: string): Promise<Outputs> {
  for (const [i, pin] of PINS.entries()) createChannel(root, i, pin);
  const clock = systemClock();
  const driver = createKernelDriver({
    clock,
    sysfs: createSysfs(root),
    release: "6.12.25",
    model: "Raspberry Pi 5",
    bootConfig: { path: join(root, "config.txt"), lines: [] },
  });
  const outputs = new Outputs({ clock, driver, levels: createForgetfulLevels(), transitionMs: 0 });
  const lights = PINS.map((pin) => ({
    name: `light${pin}`,
    pin,
    use: "pwm" as const,
    limits: { minPower: 0, maxPower: 1 },
  }));
  await outputs.open({ outputs: lights, switches: [], inputs: [] }, "last");
  return outputs;
}

/** Files as the kernel has them for one light with the overlay `pwm-gpio`; a write to them costs about what it costs there. */
function createChannel(root: string, chip: number, pin: number): void {
  const device = join(root, "devices/platform", `pwm_gpio@${pin.toString(16)}`);
  const folder = join(root, "class/pwm", `pwmchip${chip}`);
  mkdirSync(device, { recursive: true });
  mkdirSync(join(folder, "pwm0"), { recursive: true });
  symlinkSync(device, join(folder, "device"));
  for (const [name, value] of Object.entries({
    npwm: 1,
    export: "",
    "pwm0/period": 0,
    "pwm0/duty_cycle": 0,
    "pwm0/enable": 0,
  }))
    writeFileSync(join(folder, name), `${value}`);
}

/** The share of a core that this process takes in the next `ms`. */
async function measure(ms: number): Promise<number> {
  const before = process.cpuUsage();
  const start = performance.now();
  await new Promise((resolve) => setTimeout(resolve, ms));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (performance.now() - start);
}
