/** The agent with lights, switches, inputs and sensors on a simulated board and a real Socket.IO server. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { hello } from "#protocol/device-events.ts";
import { Agent, type AgentSettings } from "../../pi-agent/agent.ts";
import { createAgentLog } from "../../pi-agent/agent-log.ts";
import { createSimulatedDriver, type SimulatedDriver } from "../../pi-agent/drivers/simulated.ts";
import { createForgetfulReports } from "../../pi-agent/reports/report-outbox.ts";
import { agentSettings, levelsIn } from "../support/agent-settings.ts";
import { eventually } from "../support/eventually.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";
import { SocketHub } from "./socket-hub.ts";

const PINS = {
  outputs: [{ name: "lamp", pin: 21, use: "pwm" as const, limits: { minPower: 0, maxPower: 1 } }],
  switches: [{ name: "pump", pin: 20, title: "Pump" }],
  inputs: [
    { name: "button", pin: 16, pull: "up" as const, activeLow: true, debounceMs: 30, message: "button pressed" },
  ],
  sensorIntervalMs: 10_000,
};
const SENSORS = {
  properties: new Map([["cpuTemperature", { type: "number" as const, unit: "°C", readOnly: true }]]),
  read: () => ({ cpuTemperature: 48.3 }),
};

let hub: SocketHub;
let clock: FakeClock;
let driver: SimulatedDriver;
let levels: Map<string, number>;
let agent: Agent;

beforeEach(async () => {
  hub = await new SocketHub().start();
  clock = fakeClock();
  driver = createSimulatedDriver();
  levels = new Map();
});
afterEach(async () => {
  await agent.close();
  await hub.stop();
});

async function start(settings: Partial<AgentSettings> = {}, kept = levelsIn(levels)): Promise<void> {
  agent = new Agent(agentSettings(hub.url, { ...PINS, ...settings }), {
    clock,
    driver,
    levels: kept,
    log: createAgentLog(true, clock, () => {}),
    sensors: SENSORS,
    readVitals: () => ({}),
    keepToken: () => {},
    createReports: ({ send }) => createForgetfulReports(send),
  });
  await agent.start();
  await hub.heard("hello");
  hub.socket.emit("welcome", { id: "pi-lab", name: "pi-lab" });
  // Its answer comes after everything that was said before.
  await hub.ask("action", { name: "none" });
}

async function press(): Promise<void> {
  driver.hold(16, false);
  await clock.advance(50);
}

describe("the agent", () => {
  it("declares every pin and sensor with its value, in the words of the protocol", async () => {
    levels.set("lamp", 37).set("pump", 100);
    await start();
    const said = await hub.heard("hello");
    expect(hello.strict().parse(said)).toEqual(said);
    expect(said).toMatchObject({
      properties: {
        lamp: { type: "number", maximum: 100 },
        pump: { type: "boolean", readOnly: false, title: "Pump" },
        button: { type: "boolean", readOnly: true },
        cpuTemperature: { type: "number", readOnly: true, unit: "°C" },
      },
      state: { lamp: 37, pump: true, button: false, cpuTemperature: 48.3 },
    });
    expect(driver.powerOf(20)).toBe(1);
  });

  it("sets light and switch by one frame, and keeps both", async () => {
    await start();
    expect(await hub.ask("set", { lamp: 100, pump: true })).toEqual({ lamp: 100, pump: true });
    expect([driver.powerOf(21), driver.powerOf(20)]).toEqual([1, 1]);
    expect(Object.fromEntries(levels)).toEqual({ lamp: 100, pump: 100 });
  });

  it.each([[{ pump: 50 }], [{ pump: "on" }], [{ lamp: true }], [{ lamp: 10, pump: null }]])(
    "takes nothing of %j",
    async (frame) => {
      await start();
      expect(await hub.ask("set", frame)).toMatchObject({ error: { code: "INVALID_VALUE" } });
      expect([driver.powerOf(21), driver.powerOf(20)]).toEqual([0, 0]);
    },
  );

  it("takes no value for what is only read", async () => {
    await start();
    expect(await hub.ask("set", { button: true })).toMatchObject({ error: { code: "NO_PROPERTY" } });
  });

  it("reports a press and says so to its rooms, once", async () => {
    await start();
    await press();
    driver.hold(16, null);
    await clock.advance(50);
    await hub.heard("report", 2);
    expect(hub.all("report")).toEqual([{ button: true }, { button: false }]);
    expect(hub.all("message")).toEqual(["button pressed"]);
  });

  it("reports its sensors at their interval", async () => {
    await start();
    await clock.advance(20_000);
    await hub.heard("report", 2);
    expect(hub.all("report")).toEqual([{ cpuTemperature: 48.3 }, { cpuTemperature: 48.3 }]);
  });

  it("says nothing of its sensors when they are not wanted", async () => {
    await start({ sensorIntervalMs: 0 });
    expect(await hub.heard("hello")).toMatchObject({ properties: { lamp: {} }, state: { button: false } });
    expect(JSON.stringify(hub.said)).not.toContain("cpuTemperature");
  });

  it("switches off with its lights when the hub is gone, where that was asked for", async () => {
    await start({ onDisconnect: { level: 0, afterMs: 10_000, fadeMs: 0 } });
    await hub.ask("set", { lamp: 100, pump: true });
    hub.socket.disconnect(true);
    await hub.stop();
    await eventually(async () => {
      await clock.advance(1000);
      return driver.powerOf(20) === 0 && driver.powerOf(21) === 0;
    });
    expect(levels.get("pump")).toBe(100);
  });

  it("leaves pump and lamp on at its end", async () => {
    await start();
    await hub.ask("set", { lamp: 100, pump: true });
    await agent.close();
    expect([driver.powerOf(21), driver.powerOf(20)]).toEqual([1, 1]);
  });
});

describe("the agent's end", () => {
  it("writes what was asked last though a pin does not answer", async () => {
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { openPwm } = driver;
    driver.openPwm = async (pin) => ({ ...(await openPwm(pin)), set: () => answered });
    let isWritten = false;
    await start(
      {},
      {
        ...levelsIn(levels),
        close: async () => {
          isWritten = true;
        },
      },
    );
    hub.socket.emit("set", { lamp: 40 });
    await eventually(() => levels.get("lamp") === 40);
    const closing = agent.close();
    try {
      await eventually(() => isWritten);
    } finally {
      answer();
      await closing;
    }
  });
});
