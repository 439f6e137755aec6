/** The doctor with the agent's own options over made-up computers: all it prints, and its exit code. */
import { describe, expect, it } from "@jest/globals";
import { readOptions } from "#base/options.ts";
import { AGENT_OPTIONS, type AgentConfig } from "../../../pi-agent/config.ts";
import { doctorProgram } from "../../../pi-agent/doctor/doctor-program.ts";
import { wiringOf } from "../../../pi-agent/wiring.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { healthyPi, type MadeUpMachine, networkFault } from "./made-up-machine.ts";
import { subjectOf } from "./subject-of.ts";

const newFolder = temporaryFolders();

async function run(machine: MadeUpMachine, ...args: string[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const program = doctorProgram({ options: AGENT_OPTIONS, subjectOf, machine, write: (line) => lines.push(line) });
  const words = [...args, "--pigpiod-host", "127.0.0.1", "--pigpiod-port", "1"];
  const options: AgentConfig = readOptions(AGENT_OPTIONS, words, {});
  return { code: await program.run(options, new AbortController().signal, words), lines };
}

const HEALTHY = `\
ok    The options are the service's: /etc/pharos/agent.json.
ok    Raspberry Pi 4 Model B Rev 1.4.
ok    Debian GNU/Linux 12 (bookworm).
ok    Kernel 6.6.74+rpt-rpi-v8.
ok    Node.js 20.19.2.
ok    Power and heat are well.
ok    brightness: GPIO21, a light.
ok    The driver kernel can drive these pins, and is the one used.
ok    The driver pigpiod is not needed, and could not (REASON).
ok    The driver pigpio is not needed, and could not (REASON).
ok    /boot/firmware/config.txt has dtoverlay=pwm-gpio,gpio=21, for pulses of the kernel on GPIO21.
ok    The service runs as a user of its own in the group gpio.
ok    The hub at http://hub.local:5000 answers: Pharos 0.1.0.
ok    The clock agrees with the hub's.
ok    The service is installed, starts with the Pi, and runs.
ok    /var/lib/pharos-agent can be written, 12.3 GB are free.

The agent will work here.`;

const SICK = `\
ok    Raspberry Pi 3 Model B Plus Rev 1.3.
ok    Debian GNU/Linux 12 (bookworm).
note  Kernel 6.6.51+rpt-rpi-v8 has no overlay pwm-gpio: it came with 6.6.62.
      → sudo apt update && sudo apt full-upgrade -y && sudo reboot
ok    Node.js 20.19.2.
note  The power supply is too weak right now: under 4.63 V.
      → Use the power supply made for this Pi, with a short cable
ok    brightness: GPIO21, a light.
ok    button: GPIO16, an input.
FAIL  The driver kernel cannot: REASON.
      → REMEDY
FAIL  The driver pigpiod cannot: REASON.
      → REMEDY
FAIL  The driver pigpio cannot: REASON.
      → REMEDY
FAIL  No driver can move these pins here.
      → Do what stands at one of the drivers above
note  There is no /boot/firmware/overlays/pwm-gpio.dtbo for pulses of the kernel on GPIO21.
      → sudo apt update && sudo apt full-upgrade -y && sudo reboot
note  /boot/firmware/config.txt has no line for the pull-up of the input GPIO16.
      → printf 'gpio=16=ip,pu\\n' | sudo tee -a /boot/firmware/config.txt && sudo reboot
note  The agent would run as ada, who is not in the group gpio.
      → sudo usermod -aG gpio ada, then log in again
FAIL  Nothing listens at 192.168.1.5:5000 (ECONNREFUSED).
      → Start the hub there: pharos hub
note  The clock was not synchronised since the start: 2026-06-01 12:00:00 UTC.
      → sudo timedatectl set-ntp true
note  The agent is not installed as a service, and does not start with the Pi.
      → sudo ./pharos agent install --hub http://192.168.1.5:5000
note  The disk of /home/pi/data is full: 3 MB are left.
      → sudo du -xh / | sort -h | tail -20

The agent will not work here: mend what is marked FAIL, then run the doctor again.`;

function sickPi(): MadeUpMachine {
  const machine = healthyPi(newFolder(), "Raspberry Pi 3 Model B Plus Rev 1.3")
    .boot(["dtparam=audio=on"])
    .remove("/boot/firmware/overlays")
    .remove("/sys/class/pwm")
    .remove("/run/systemd/timesync/synchronized")
    .put("/sys/devices/platform/soc/soc:firmware/get_throttled", "1\n");
  return Object.assign(machine, {
    release: "6.6.51+rpt-rpi-v8",
    user: { name: "ada", uid: 1001, groups: [4242] },
    free: 3_400_000,
    reply: () => networkFault("ECONNREFUSED"),
  });
}

/** What the drivers say of themselves is held by their own tests. */
function withoutReasons(lines: readonly string[]): string {
  return lines
    .join("\n")
    .replace(/(not needed, and could not) \(.*\)\./g, "$1 (REASON).")
    .replace(/(The driver \w+ cannot): .*\n {6}→ .*/g, "$1: REASON.\n      → REMEDY");
}

describe("pharos agent doctor", () => {
  it("says of a healthy Pi that the agent will work", async () => {
    const { code, lines } = await run(healthyPi(newFolder()).service());
    expect(withoutReasons(lines)).toBe(HEALTHY);
    expect(code).toBe(0);
  });

  it("says of a sick Pi what to do about each thing", async () => {
    const wanted = ["--hub", "192.168.1.5:5000", "--pin", "21", "--inputs", "button=16", "--data-dir", "/home/pi/data"];
    const { code, lines } = await run(sickPi(), ...wanted);
    expect(withoutReasons(lines)).toBe(SICK);
    expect(code).toBe(1);
  });

  it("says the same to machines with --json-logs", async () => {
    const { code, lines } = await run(sickPi(), "--json-logs");
    const entries = lines.map((line) => JSON.parse(line));
    for (const entry of entries)
      expect(entry).toMatchObject({ time: "2026-06-01T12:00:00.000Z", msg: expect.any(String) });
    expect(entries.find(({ check }) => check === "kernel")).toMatchObject({
      level: "warn",
      event: "finding",
      verdict: "note",
      what: expect.stringContaining("6.6.51"),
      remedy: expect.stringContaining("full-upgrade"),
    });
    expect(entries.at(-1)).toMatchObject({ event: "diagnosis", works: false });
    expect(code).toBe(1);
  });
});

describe("the options of the service", () => {
  it("count when it is installed, and those given go before them", async () => {
    const machine = healthyPi(newFolder()).service({ hub: "http://hub.local:5000", outputs: ["lamp=21"] });
    expect((await run(machine)).lines).toContain("ok    lamp: GPIO21, a light.");
    expect((await run(machine, "--hub", "10.0.0.9:5000")).lines).toContain(
      "ok    The hub at http://10.0.0.9:5000 answers: Pharos 0.1.0.",
    );
  });

  it("do not count beside --config", async () => {
    const machine = healthyPi(newFolder()).service().put("/other.json", '{"hub":"http://other:5000"}');
    const { lines } = await run(machine, "--config", `${machine.root}/other.json`);
    expect(lines).toContain("ok    The hub at http://other:5000 answers: Pharos 0.1.0.");
  });

  it.each([
    ["unknown", { hub: "http://hub.local:5000", nonsense: 1 }, /nonsense in .*: there is no such option/],
    ["at odds", { pin: 21, outputs: ["lamp=21"] }, /GPIO21: it is named twice/],
  ])("that are %s are a fault of their own", async (_, config, what) => {
    const { code, lines } = await run(healthyPi(newFolder()).service(config));
    expect(lines[0]).toMatch(/^FAIL {2}The service cannot start, its options are faulty: /);
    expect(lines[0]).toMatch(what);
    expect(lines[1]).toBe("      → sudo nano /etc/pharos/agent.json && sudo systemctl restart pharos-agent");
    expect(code).toBe(1);
  });

  it("that are at odds on the command line are a fault of usage", async () => {
    await expect(run(healthyPi(newFolder()), "--pin", "21", "--outputs", "lamp=21")).rejects.toThrow("GPIO21");
    expect(() => wiringOf(readOptions(AGENT_OPTIONS, [], {}))).not.toThrow();
  });
});
