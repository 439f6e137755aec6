/** The computer itself: model, system, kernel, Node.js, power. Called by diagnose.ts. */

import { isOverlayInKernel } from "../drivers/kernel-release.ts";
import { type Finding, fail, note, ok } from "./finding.ts";
import { listFolder, type Machine, readText } from "./machine.ts";
import { mayUseKernel, type Subject } from "./subject.ts";

/** The agent's bundle is built for it. */
const OLDEST_NODE = [18, 17] as const;
const UPDATE = "sudo apt update && sudo apt full-upgrade -y && sudo reboot";

export function checkModel(machine: Machine, { driver }: Subject): Finding {
  const model = readText(machine, "/proc/device-tree/model");
  if (model?.startsWith("Raspberry Pi")) return ok("model", model);
  const what = `This is not a Raspberry Pi${model === null ? "" : `, but: ${model}`}`;
  return driver === "simulated" ? ok("model", what) : note("model", what, "Without an LED: --driver simulated");
}

export function checkSystem(machine: Machine): Finding {
  const text = readText(machine, "/etc/os-release") ?? readText(machine, "/usr/lib/os-release") ?? "";
  const value = (name: string) => new RegExp(`^${name}="?([^"\\n]*)`, "m").exec(text)?.[1];
  const name = value("PRETTY_NAME");
  if (name === undefined) return note("system", "The system does not say what it is: there is no /etc/os-release");
  if (value("VERSION_CODENAME") === "bullseye" || value("VERSION_CODENAME") === "buster") {
    const remedy = "Write Raspberry Pi OS bookworm or newer to the card: https://www.raspberrypi.com/software/";
    return note("system", `${name} is older than what the agent is tried on`, remedy);
  }
  return ok("system", name);
}

/** Only where the kernel is to make the pulses. */
export function checkKernelRelease({ release }: Machine, subject: Subject): Finding {
  const wantsOverlay = subject.pins.some(({ use }) => use === "pwm") && mayUseKernel(subject);
  if (!wantsOverlay || isOverlayInKernel(release)) return ok("kernel", `Kernel ${release}`);
  return note("kernel", `Kernel ${release} has no overlay pwm-gpio: it came with 6.6.62`, UPDATE);
}

export function checkNode({ node }: Machine): Finding {
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const [oldest, oldestMinor] = OLDEST_NODE;
  if (major > oldest || (major === oldest && minor >= oldestMinor)) return ok("node", `Node.js ${node}`);
  return fail(
    "node",
    `Node.js ${node} is too old: the agent needs ${OLDEST_NODE.join(".")}`,
    "sudo apt update && sudo apt install -y nodejs",
  );
}

/** Bits of the firmware's `get_throttled`: from 16 on they tell what was since the start. */
const TROUBLES = [
  { bit: 0, now: "The power supply is too weak right now: under 4.63 V", past: "The power supply was too weak" },
  { bit: 1, now: "The CPU is held back right now, for heat or power", past: "The CPU was held back" },
  { bit: 2, now: "The CPU is slowed down right now, for heat or power", past: "The CPU was slowed down" },
  { bit: 3, now: "The CPU is too hot right now", past: "The CPU was too hot" },
] as const;
const COOL = "Give the Pi air or a heat sink; the temperature: vcgencmd measure_temp";
const POWER = "Use the power supply made for this Pi, with a short cable";

/** None where there is no firmware of a Pi. */
export function checkPower(machine: Machine): readonly Finding[] {
  const text = findThrottled(machine);
  const bits = Number.parseInt(text ?? "", 16);
  if (Number.isNaN(bits)) return [];
  const found = TROUBLES.flatMap(({ bit, now, past }) => {
    const remedy = bit === 0 ? POWER : COOL;
    if ((bits >> bit) & 1) return [note("power", now, remedy)];
    return (bits >> (bit + 16)) & 1 ? [note("power", `${past} since the start`, remedy)] : [];
  });
  return found.length > 0 ? found : [ok("power", "Power and heat are well")];
}

/** The bus has another name on a Pi 5. */
function findThrottled(machine: Machine): string | null {
  const platform = "/sys/devices/platform";
  for (const bus of ["soc", ...listFolder(machine, platform)]) {
    for (const name of listFolder(machine, `${platform}/${bus}`)) {
      if (!name.endsWith("firmware")) continue;
      const text = readText(machine, `${platform}/${bus}/${name}/get_throttled`);
      if (text !== null) return text;
    }
  }
  return null;
}
