/** `pharos agent`: the process around the agent. */
import { readFileSync } from "node:fs";
import { arch, type } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Clock, systemClock } from "#base/clock.ts";
import { readCredential } from "#base/credential.ts";
import { aborted, type Program, runCommands, StartError } from "#base/program.ts";
import { serviceCommands } from "#base/service/commands.ts";
import { thisMachine } from "#base/service/machine.ts";
import { createNotifier } from "#base/systemd-notifier.ts";
import { Agent, type AgentParts, type AgentSettings } from "./agent.ts";
import { type AgentLog, createAgentLog } from "./agent-log.ts";
import { AGENT_OPTIONS, type AgentConfig } from "./config.ts";
import { doctorProgram } from "./doctor/doctor-program.ts";
import type { Subject } from "./doctor/subject.ts";
import { DriverError, type PinDriver } from "./drivers/driver.ts";
import { readPiModel, selectDriver } from "./drivers/select.ts";
import { keepToken, readToken } from "./kept-token.ts";
import { createLastLevels } from "./last-levels.ts";
import { createReportOutbox } from "./reports/report-outbox.ts";
import { createSensors } from "./sensors.ts";
import { agentService } from "./service/agent-service.ts";
import { describeAgent } from "./service/describe-agent.ts";
import { readVitals } from "./vitals.ts";
import { type Wiring, wantsOf, wiringOf } from "./wiring.ts";

/** From the bundle's folder, `dist/bundles/`. */
const HOME = fileURLToPath(new URL("../..", import.meta.url));

export const program: Program<typeof AGENT_OPTIONS> = {
  usage: "pharos agent [options]",
  summary: "Runs the Raspberry Pi agent: lights on GPIO pins under the hub's control.",
  options: AGENT_OPTIONS,
  run: runAgent,
};

export function main(args: readonly string[]): Promise<number> {
  const doctor = doctorProgram({ options: AGENT_OPTIONS, subjectOf });
  const service = agentService({
    options: AGENT_OPTIONS,
    describe: (config) => describeAgent(config, wiringOf(config)),
  });
  return runCommands(program, { ...serviceCommands(service, thisMachine(HOME)), doctor }, args);
}

function subjectOf(config: AgentConfig): Omit<Subject, "source"> {
  const { hub, driver, dataDir, pigpiodHost, pigpiodPort } = config;
  return { hub, driver, dataDir: resolve(dataDir), pigpiodHost, pigpiodPort, pins: wantsOf(wiringOf(config)) };
}

async function runAgent(config: AgentConfig, stop: AbortSignal): Promise<number> {
  // Timers of the clock keep no process alive, and between two tries to reach a driver or the hub there may be nothing else.
  const alive = setInterval(() => {}, 3_600_000);
  try {
    return await driveUntil(config, stop);
  } finally {
    clearInterval(alive);
  }
}

async function driveUntil(config: AgentConfig, stop: AbortSignal): Promise<number> {
  const clock = systemClock();
  const log = createAgentLog(config.jsonLogs, clock, (line) => process.stdout.write(`${line}\n`));
  const wiring = wiringOf(config);
  const model = readPiModel();
  const driver = await openDriver(config, wiring, clock, model);
  if (driver.simulated) log.say("info", "simulated", "The light is simulated: no real pin moves.");
  const settings = settingsOf(config, wiring, describeModel(model, driver));
  const agent = new Agent(settings, {
    ...keptParts(config, clock, log),
    clock,
    driver,
    log,
    readVitals,
    sensors: createSensors(),
  });
  try {
    await agent.start();
    const notifier = createNotifier({
      clock,
      env: process.env,
      probe: () => agent.probe(),
      onFault: ({ message }) => log.say("warn", "service", message),
    });
    const pins = wantsOf(wiring).map(({ pin }) => `GPIO${pin}`);
    await notifier.ready(`${pins.join(", ")} through ${driver.title}; hub ${config.hub}`);
    await aborted(stop);
    await notifier.stopping();
    log.say("info", "stopping", "Stopping; the light stays as it is.");
  } catch (error) {
    throw error instanceof DriverError ? new StartError(error.message) : error;
  } finally {
    await agent.close();
  }
  return 0;
}

/** What keeps things in the data folder. */
function keptParts(
  config: AgentConfig,
  clock: Clock,
  log: AgentLog,
): Pick<AgentParts, "levels" | "keepToken" | "createReports"> {
  const folder = resolve(config.dataDir);
  const levels = createLastLevels({
    clock,
    path: join(folder, `agent-${config.id}.json`),
    onFault: ({ message }) =>
      log.say("warn", "not-kept", `The brightness is not kept: ${message}. Choose another folder with --data-dir.`),
  });
  return {
    levels,
    keepToken(token) {
      try {
        keepToken(tokenPath(config), token);
        log.say("info", "approved", "Somebody approved this device; its token is kept for all connections to come.");
      } catch (error) {
        const { message } = error as Error;
        log.say("warn", "not-kept", `The token is not kept: ${message}. Choose another folder with --data-dir.`);
      }
    },
    createReports: (hub) =>
      createReportOutbox({ ...hub, clock, log, folder: join(folder, `agent-${config.id}-reports`) }),
  };
}

function openDriver(config: AgentConfig, wiring: Wiring, clock: Clock, model: string | null): Promise<PinDriver> {
  const { pigpiodHost, pigpiodPort } = config;
  const isRoot = process.getuid?.() === 0;
  return selectDriver(config.driver, { clock, pigpiodHost, pigpiodPort, model, isRoot, wants: wantsOf(wiring) });
}

function settingsOf(config: AgentConfig, wiring: Wiring, model: string): AgentSettings {
  const { hub, id, name, rooms, transitionMs, restore, onDisconnect } = config;
  const { heartbeatInterval: heartbeatIntervalMs, sensorInterval: sensorIntervalMs } = config;
  const token = config.token ?? readCredential("token", process.env) ?? readToken(tokenPath(config));
  const software = `pharos-agent ${readVersion()}`;
  const who = { hub, id, token, name, rooms, model, software };
  return { ...who, ...wiring, transitionMs, restore, onDisconnect, heartbeatIntervalMs, sensorIntervalMs };
}

/** What the hub gave when somebody approved this agent. */
function tokenPath({ dataDir, id }: AgentConfig): string {
  return join(resolve(dataDir), `agent-${id}.token`);
}

function describeModel(model: string | null, driver: PinDriver): string {
  if (!driver.simulated) return model ?? `${type()} ${arch()}`;
  return model === null ? "Simulated Raspberry Pi" : `${model}, simulated LED`;
}

function readVersion(): string {
  try {
    return String((JSON.parse(readFileSync(join(HOME, "package.json"), "utf8")) as { version: unknown }).version);
  } catch {
    return "of an unknown version";
  }
}
