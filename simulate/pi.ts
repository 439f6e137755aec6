/** Simulated Raspberry Pis: the very agent with the simulated driver, as many as wanted in one process. Called by main.ts. */
import { systemClock } from "#base/clock.ts";
import { Agent } from "../pi-agent/agent.ts";
import { createAgentLog } from "../pi-agent/agent-log.ts";
import { createSimulatedDriver } from "../pi-agent/drivers/simulated.ts";
import { createForgetfulLevels } from "../pi-agent/last-levels.ts";
import { createForgetfulReports } from "../pi-agent/reports/report-outbox.ts";
import { createNoSensors } from "../pi-agent/sensors.ts";
import { readVitals } from "../pi-agent/vitals.ts";

export interface SimulatedPiOptions {
  /** Address of the hub: `http://localhost:5000`. */
  readonly hub: string;
  readonly id: string;
  readonly token?: string | undefined;
  /** Takes each line for people, without its end. */
  readonly log: (line: string) => void;
}

export interface SimulatedPi {
  close(): Promise<void>;
}

/** Starts one Pi with one light, property `brightness`; it finds the hub by itself, and again whenever it is lost. */
export async function startSimulatedPi({ hub, id, token, log }: SimulatedPiOptions): Promise<SimulatedPi> {
  const clock = systemClock();
  const agent = new Agent(
    {
      hub,
      id,
      token: token ?? null,
      name: null,
      rooms: [],
      model: "Simulated Raspberry Pi",
      software: "pharos-agent",
      outputs: [{ name: "brightness", pin: 21, use: "pwm", limits: { minPower: 0, maxPower: 1 } }],
      switches: [],
      inputs: [],
      transitionMs: 0,
      restore: "last",
      onDisconnect: "hold",
      heartbeatIntervalMs: 5_000,
      sensorIntervalMs: 0,
    },
    {
      clock,
      driver: createSimulatedDriver(),
      levels: createForgetfulLevels(),
      log: createAgentLog(false, clock, (line) => log(`${id}: ${line}`)),
      readVitals,
      sensors: createNoSensors(),
      // Its link gives it with each connection to come; a simulated Pi outlives nothing else.
      keepToken() {},
      createReports: ({ send }) => createForgetfulReports(send),
    },
  );
  await agent.start();
  return agent;
}
