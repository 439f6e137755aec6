/** CPU of a hundred lights that fade at the same time, each through the kernel driver on files of its own; the goal is under 5 % of a core. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "#base/clock.ts";
import { createKernelDriver } from "../../pi-agent/drivers/kernel.ts";
import { createSysfs } from "../../pi-agent/drivers/sysfs.ts";
import { createForgetfulLevels } from "../../pi-agent/last-levels.ts";
import { Outputs } from "../../pi-agent/outputs.ts";
import { isSmoke } from "../harness/arguments.ts";
import { finish } from "../harness/report.ts";
import { short } from "../harness/statistics.ts";

/** A board has pins for 25 lights: four boards. */
const BOARDS = 4;
const PINS = Array.from({ length: 25 }, (_, i) => i + 2);
const FADE_MS = isSmoke() ? 500 : 10_000;
const IDLE_MS = isSmoke() ? 300 : 2_000;
/** After a fade, until its last step is in the files. */
const SETTLE_MS = 200;
const GOAL = 0.05;

// Nothing else keeps the process alive: timers of the clock do not.
setInterval(() => {}, 60_000).unref();
const folder = mkdtempSync(join(tmpdir(), "pharos-fades-"));
const boards = await Promise.all(Array.from({ length: BOARDS }, (_, i) => openBoard(boardFolder(i))));
const idle = await measure(IDLE_MS);
const all = (level: number) => Object.fromEntries(PINS.map((pin) => [`light${pin}`, level]));
await Promise.all(boards.map((board) => board.set({ ...all(100), transition: FADE_MS })));
const fading = await measure(FADE_MS);
await sleep(SETTLE_MS);
const dark = boards.reduce((sum, _, i) => sum + darkOf(boardFolder(i)), 0);
for (const board of boards) await board.close();
rmSync(folder, { recursive: true });

finish(
  `${BOARDS * PINS.length} lights that fade for ${FADE_MS / 1000} s; all of them are at full light in the end`,
  [
    { what: "CPU while they fade", figure: percent(fading), goal: `< ${percent(GOAL)}`, isMet: fading < GOAL },
    { what: "CPU of those that rest", figure: percent(idle) },
  ],
  dark,
);

function percent(share: number): string {
  return `${short(share * 100)} % of a core`;
}

function boardFolder(index: number): string {
  return join(folder, `board${index}`);
}

/** Lights of a board that are not at full light. */
function darkOf(root: string): number {
  const read = (chip: number, file: string): string =>
    readFileSync(join(root, "class/pwm", `pwmchip${chip}`, "pwm0", file), "utf8").trim();
  return PINS.filter((_, chip) => {
    const period = read(chip, "period");
    return period === "0" || read(chip, "duty_cycle") !== period || read(chip, "enable") !== "1";
  }).length;
}

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
  await sleep(ms);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (performance.now() - start);
}
