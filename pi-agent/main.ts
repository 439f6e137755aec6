/** `pharos agent`: the process around the agent. */
import { readFileSync } from "node:fs";
import { arch, type } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Clock, systemClock } from "#base/clock.ts";
import { aborted, type Program, runProgram, StartError } from "#base/program.ts";
import { Agent, type AgentOutput, type AgentSettings } from "./agent.ts";
import { createAgentLog } from "./agent-log.ts";
import { AGENT_OPTIONS, type AgentConfig, type OutputConfig, outputsOf } from "./config.ts";
import { DriverError, type PwmDriver } from "./drivers/driver.ts";
import { readPiModel, selectDriver } from "./drivers/select.ts";
import { createLastLevels } from "./last-levels.ts";
import { readVitals } from "./vitals.ts";

/** From the bundle's folder, `dist/bundles/`. */
const PACKAGE_FILE = fileURLToPath(new URL("../../package.json", import.meta.url));

export const program: Program<typeof AGENT_OPTIONS> = {
  usage: "pharos agent [options]",
  summary: "Runs the Raspberry Pi agent: lights on GPIO pins under the hub's control.",
  options: AGENT_OPTIONS,
  run: runAgent,
};

export function main(args: readonly string[]): Promise<number> {
  return runProgram(program, args);
}

async function runAgent(config: AgentConfig, stop: AbortSignal): Promise<number> {
  const clock = systemClock();
  const log = createAgentLog(config.jsonLogs, clock, (line) => process.stdout.write(`${line}\n`));
  const outputs = outputsOf(config).map((output) => withLimits(output, config));
  const model = readPiModel();
  const driver = await openDriver(config, clock, model);
  if (driver.simulated) log.say("info", "simulated", "The light is simulated: no real pin moves.");
  const levels = createLastLevels({
    clock,
    path: join(resolve(config.dataDir), `agent-${config.id}.json`),
    onFault: ({ message }) =>
      log.say("warn", "not-kept", `The brightness is not kept: ${message}. Choose another folder with --data-dir.`),
  });
  const settings = settingsOf(config, outputs, describeModel(model, driver));
  // Timers of the clock keep no process alive, and between two tries to reach the hub there may be nothing else.
  const alive = setInterval(() => {}, 3_600_000);
  const agent = new Agent(settings, { clock, driver, levels, log, readVitals });
  try {
    await agent.start();
    await aborted(stop);
    log.say("info", "stopping", "Stopping; the light stays as it is.");
  } catch (error) {
    throw error instanceof DriverError ? new StartError(error.message) : error;
  } finally {
    await agent.close();
    clearInterval(alive);
  }
  return 0;
}

function openDriver(config: AgentConfig, clock: Clock, model: string | null): Promise<PwmDriver> {
  const { pigpiodHost, pigpiodPort } = config;
  return selectDriver(config.driver, { clock, pigpiodHost, pigpiodPort, model, isRoot: process.getuid?.() === 0 });
}

function settingsOf(config: AgentConfig, outputs: readonly AgentOutput[], model: string): AgentSettings {
  const { hub, id, token, name, rooms, transitionMs, restore, onDisconnect } = config;
  const software = `pharos-agent ${readVersion()}`;
  const heartbeatIntervalMs = config.heartbeatInterval;
  return {
    hub,
    id,
    token,
    name,
    rooms,
    model,
    software,
    outputs,
    transitionMs,
    restore,
    onDisconnect,
    heartbeatIntervalMs,
  };
}

function withLimits(output: OutputConfig, config: AgentConfig): AgentOutput {
  const minPower = (output.minPower ?? config.minPower) / 100;
  const maxPower = (output.maxPower ?? config.maxPower) / 100;
  if (minPower >= maxPower) throw new StartError(`${output.name}: --min-power must be less than --max-power.`);
  return { name: output.name, pin: output.pin, title: output.title, limits: { minPower, maxPower } };
}

function describeModel(model: string | null, driver: PwmDriver): string {
  if (!driver.simulated) return model ?? `${type()} ${arch()}`;
  return model === null ? "Simulated Raspberry Pi" : `${model}, simulated LED`;
}

function readVersion(): string {
  try {
    return String((JSON.parse(readFileSync(PACKAGE_FILE, "utf8")) as { version: unknown }).version);
  } catch {
    return "of an unknown version";
  }
}
