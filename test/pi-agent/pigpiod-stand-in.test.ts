/** The stand-in of the pigpio daemon, driven by clients that are not ours. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type PigpiodStandIn, startPigpiodStandIn } from "../support/pigpiod-stand-in.ts";

const TRANSCRIPT = readFileSync(new URL("pigpiod-transcript.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line.includes(" => "));

let daemon: PigpiodStandIn;
beforeEach(async () => {
  daemon = await startPigpiodStandIn();
});
afterEach(() => daemon.kill());

/** What a program says: its errors, then its results. */
function say(program: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, PIGPIO_ADDR: "127.0.0.1", PIGPIO_PORT: `${daemon.port}` };
  return new Promise((resolve, reject) => {
    // `pigs` ends with the command's error as its exit code, so only a program that is missing is a fault.
    execFile(program, args, { env, timeout: 10_000 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code === "string") reject(error);
      else resolve(`${stderr} ${stdout}`.replace(/\s+/g, " ").trim());
    });
  });
}

describe("the stand-in of pigpiod", () => {
  it("answers pigs as the real daemon does, through the whole transcript", async () => {
    const answered: string[] = [];
    for (const line of TRANSCRIPT) {
      const [command = ""] = line.split(" => ");
      answered.push(`${command} => ${await say("/usr/bin/pigs", command.split(" "))}`.trim());
    }
    expect(TRANSCRIPT).toHaveLength(82);
    expect(answered).toEqual(TRANSCRIPT.map((line) => line.trim()));
  });

  it("is driven by python3-pigpio", async () => {
    const script = `
import pigpio
pi = pigpio.pi()
assert pi.connected
print(pi.get_pigpio_version(), pi.set_PWM_frequency(21, 800), pi.set_PWM_range(21, 250))
print(pi.set_PWM_dutycycle(21, 24), pi.get_PWM_dutycycle(21), pi.get_PWM_range(21), pi.get_mode(21))
print(pi.hardware_PWM(18, 1000, 500000), pi.get_PWM_dutycycle(18))
try:
    pi.set_PWM_dutycycle(21, 251)
except pigpio.error as error:
    print(error)
pi.stop()
`;
    expect(await say("/usr/bin/python3", ["-c", script])).toBe(
      "79 800 250 0 24 250 1 0 500000 'dutycycle not 0-range (default 255)'",
    );
    expect(daemon.dutyOf(21)).toBe(24);
    expect(daemon.powerOf(21)).toBeCloseTo(0.096);
    expect(daemon.commands.map(({ name }) => name)).toContain("NOIB");
  });
});
