/** The agent on a real Socket.IO server and a stand-in of the pigpio daemon; only its own clock is a fake one. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { hello } from "#protocol/device-events.ts";
import { Agent, type AgentSettings } from "../../pi-agent/agent.ts";
import { createAgentLog } from "../../pi-agent/agent-log.ts";
import { stepOfLevel } from "../../pi-agent/brightness.ts";
import { createPigpiodDriver } from "../../pi-agent/drivers/pigpiod.ts";
import { PigpiodClient } from "../../pi-agent/drivers/pigpiod-client.ts";
import { createForgetfulReports } from "../../pi-agent/reports/report-outbox.ts";
import { createNoSensors } from "../../pi-agent/sensors.ts";
import { agentSettings, levelsIn } from "../support/agent-settings.ts";
import { eventually } from "../support/eventually.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";
import { type PigpiodStandIn, startPigpiodStandIn } from "../support/pigpiod-stand-in.ts";
import { SocketHub } from "./socket-hub.ts";

const FULL = { minPower: 0, maxPower: 1 };
const VITALS = { memory: 1e8, uptime: 60, temperature: 48.3 };
const stepOf = (level: number): number => stepOfLevel(level, 250, FULL);

let hub: SocketHub;
let daemon: PigpiodStandIn;
let clock: FakeClock;
let lines: string[];
let levels: Map<string, number>;
/** That the agent kept. */
let tokens: string[];
let agent: Agent;

beforeEach(async () => {
  [hub, daemon] = await Promise.all([new SocketHub().start(), startPigpiodStandIn()]);
  clock = fakeClock();
  lines = [];
  levels = new Map();
  tokens = [];
});
afterEach(async () => {
  await agent.close();
  await Promise.all([hub.stop(), daemon.kill()]);
});

async function startAgent(settings: Partial<AgentSettings> = {}): Promise<void> {
  agent = new Agent(agentSettings(hub.url, settings), {
    clock,
    driver: await createPigpiodDriver(new PigpiodClient({ clock, host: "127.0.0.1", port: daemon.port })),
    levels: levelsIn(levels),
    log: createAgentLog(true, clock, (line) => lines.push(line)),
    readVitals: () => VITALS,
    sensors: createNoSensors(),
    keepToken: (token) => void tokens.push(token),
    createReports: ({ send }) => createForgetfulReports(send),
  });
  await agent.start();
}

/** Turns the clock until the agent, which waits between its tries, has said hello so many times. */
async function returned(hellos: number): Promise<void> {
  await eventually(async () => {
    await clock.advance(50);
    return hub.all("hello").length === hellos;
  });
}

/** Starts the agent and waits until it has said hello. */
async function startConnected(settings: Partial<AgentSettings> = {}): Promise<void> {
  await startAgent(settings);
  await hub.heard("hello");
}

function told(event: string): { readonly [field: string]: unknown }[] {
  return lines.map((line) => JSON.parse(line)).filter((line) => line.event === event);
}

describe("the agent says hello", () => {
  it("with who it is, what it can do and what it shows, in the words of the protocol", async () => {
    await startConnected({ name: "Lab lamp", rooms: ["lab"], token: "secret", restore: 37 });
    const said = await hub.heard("hello");
    expect(hello.strict().parse(said)).toEqual(said);
    expect(said).toEqual({
      name: "Lab lamp",
      model: "Raspberry Pi 3 Model B",
      software: "pharos-agent 0.0.0-test",
      heartbeat: 5,
      rooms: ["lab"],
      properties: { brightness: { type: "number", minimum: 0, maximum: 100, unit: "percent", readOnly: false } },
      actions: { identify: expect.anything() },
      state: { brightness: 37 },
    });
    expect(hub.handshakes).toEqual([{ id: "pi-lab", token: "secret" }]);
    expect(told("connected")).toEqual([expect.objectContaining({ hub: hub.url, id: "pi-lab" })]);
  });

  it("with each of several lights as a property of its own", async () => {
    const outputs = [
      { name: "left", pin: 21, use: "pwm" as const, title: "Left lamp", limits: FULL },
      { name: "right", pin: 16, use: "pwm" as const, limits: { minPower: 0, maxPower: 0.5 } },
    ];
    await startConnected({ outputs });
    expect(await hub.heard("hello")).toMatchObject({
      properties: { left: { title: "Left lamp" }, right: { maximum: 100 } },
      state: { left: 0, right: 0 },
    });
    expect(await hub.ask("set", { left: 10, right: 100 })).toEqual({ left: 10, right: 100 });
    expect([daemon.dutyOf(21), daemon.dutyOf(16)]).toEqual([stepOf(10), 125]);
  });

  it("again after the hub was restarted, soon, with what it shows now", async () => {
    await startConnected();
    await hub.ask("set", { brightness: 37 });
    await hub.stop();
    await eventually(() => told("disconnected").length === 1);
    await hub.start();
    const start = clock.monotonic();
    await returned(2);
    expect(clock.monotonic() - start).toBeLessThan(1500);
    expect(hub.all("hello")[1]).toMatchObject({ state: { brightness: 37 } });
    expect(daemon.dutyOf(21)).toBe(stepOf(37));
  });
});

describe("the agent obeys a set", () => {
  it("and answers with the values as accepted", async () => {
    await startConnected();
    expect(await hub.ask("set", { brightness: 37 })).toEqual({ brightness: 37 });
    expect(daemon.dutyOf(21)).toBe(stepOf(37));
    expect(levels.get("brightness")).toBe(37);
  });

  it("that comes without asking for an answer", async () => {
    await startConnected();
    hub.socket.emit("set", { brightness: 100 });
    await eventually(() => daemon.dutyOf(21) === 250);
  });

  it("ending at the last of many", async () => {
    await startConnected();
    const answers = await Promise.all(Array.from({ length: 101 }, (_, level) => hub.ask("set", { brightness: level })));
    await hub.ask("set", { brightness: 37 });
    expect(answers.at(-1)).toEqual({ brightness: 100 });
    expect(daemon.dutyOf(21)).toBe(stepOf(37));
  });

  it("with a transition, answering at once and not at its end", async () => {
    await startConnected();
    expect(await hub.ask("set", { brightness: 100, transition: 1000 })).toEqual({ brightness: 100 });
    expect(daemon.dutyOf(21)).toBe(0);
    await clock.advance(520);
    await eventually(() => daemon.dutyOf(21) === stepOf(52));
    await clock.advance(480);
    await eventually(() => daemon.dutyOf(21) === 250);
  });

  it("with its own transition when the hub names none", async () => {
    await startConnected({ transitionMs: 200 });
    await hub.ask("set", { brightness: 100 });
    expect(daemon.dutyOf(21)).toBe(0);
    await clock.advance(200);
    await eventually(() => daemon.dutyOf(21) === 250);
    await hub.ask("set", { brightness: 0, transition: 0 });
    expect(daemon.dutyOf(21)).toBe(0);
  });

  it("only as a whole: one bad value refuses all", async () => {
    await startConnected();
    await hub.ask("set", { brightness: 37 });
    expect(await hub.ask("set", { brightness: 101 })).toEqual({
      error: { code: "INVALID_VALUE", message: "brightness must be at most 100." },
    });
    expect(await hub.ask("set", { brightness: 50, colour: 1 })).toMatchObject({ error: { code: "NO_PROPERTY" } });
    expect(daemon.dutyOf(21)).toBe(stepOf(37));
  });
});

describe("the agent identifies itself", () => {
  it("by blinking, and then shows what it showed before", async () => {
    await startConnected({ restore: 37 });
    expect(await hub.ask("action", { name: "identify" })).toBeNull();
    await eventually(() => daemon.dutyOf(21) === 250);
    await clock.advance(250);
    await eventually(() => daemon.dutyOf(21) === 0);
    await clock.advance(2750);
    await eventually(() => daemon.dutyOf(21) === stepOf(37));
  });

  it("until a set, which wins", async () => {
    await startConnected();
    await hub.ask("action", { name: "identify" });
    await clock.advance(300);
    await hub.ask("set", { brightness: 42 });
    await clock.advance(5000);
    expect(daemon.dutyOf(21)).toBe(stepOf(42));
  });

  it.each([{ name: "explode" }, null, "identify"])("and does no other action: %j", async (frame) => {
    await startConnected();
    expect(await hub.ask("action", frame)).toMatchObject({ error: { code: "NO_ACTION" } });
  });
});

describe("the agent's heartbeat", () => {
  it("comes at once and then at its interval, with vitals", async () => {
    await startConnected();
    expect(await hub.heard("heartbeat")).toEqual(VITALS);
    await clock.advance(15_000);
    await hub.heard("heartbeat", 4);
    await hub.ask("action", { name: "identify" });
    expect(hub.all("heartbeat")).toHaveLength(4);
  });
});

describe("the agent's log", () => {
  it("has what the hub says about it", async () => {
    await startConnected();
    hub.socket.emit("welcome", { id: "pi-lab", name: "Lamp" });
    hub.socket.emit("error", { code: "INVALID_VALUE", message: "No." });
    hub.socket.emit("bye", { code: "SHUTDOWN", message: "Soon back." });
    await eventually(() => told("bye").length === 1);
    expect(told("welcome")[0]?.msg).toContain("Lamp");
    expect(told("error")[0]?.msg).toContain("No. (INVALID_VALUE)");
    expect(told("bye")[0]?.msg).toContain("Soon back. (SHUTDOWN)");
  });

  it("says once that there is no hub, however often it tries", async () => {
    await hub.stop();
    await startAgent();
    await eventually(() => told("no-hub").length === 1);
    for (let tries = 0; tries < 5; tries++) {
      await clock.advance(5_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(told("no-hub").map((line) => line.msg)).toEqual([
      `No connection to ${hub.url}: ECONNREFUSED. Trying again.`,
    ]);
    await hub.start();
    await returned(1);
  });

  it("says what drives which pin", async () => {
    await startAgent();
    expect(told("pin")[0]?.msg).toBe(`brightness: GPIO21 through pigpiod 79 at 127.0.0.1:${daemon.port}.`);
  });
});

describe("the agent that somebody approves", () => {
  it("keeps the token that it is given, and brings it with each connection to come", async () => {
    await startConnected();
    expect(hub.handshakes).toEqual([{ id: "pi-lab" }]);
    hub.socket.emit("welcome", { id: "pi-lab", name: "Lamp", token: "given" });
    await eventually(() => tokens.length === 1);
    expect(tokens).toEqual(["given"]);
    await hub.stop();
    await hub.start();
    await returned(2);
    expect(hub.handshakes.at(-1)).toEqual({ id: "pi-lab", token: "given" });
  });
});

describe("the agent comes back", () => {
  it("after the hub refused it, and says why it was refused once", async () => {
    hub.refusal = { code: "DUPLICATE", message: "Another one answers." };
    await startAgent();
    await eventually(async () => {
      await clock.advance(50);
      return hub.handshakes.length >= 3;
    });
    expect(told("no-hub")).toEqual([expect.objectContaining({ reason: "Another one answers. (DUPLICATE)" })]);
    hub.refusal = null;
    await returned(1);
  });

  it("after the hub sent it away", async () => {
    await startConnected();
    hub.socket.disconnect(true);
    await returned(2);
  });
});

describe("the light after a start", () => {
  it("is the last one asked for", async () => {
    levels.set("brightness", 62);
    await startConnected();
    expect(daemon.dutyOf(21)).toBe(stepOf(62));
    expect(await hub.heard("hello")).toMatchObject({ state: { brightness: 62 } });
  });

  it("is as it was found when nothing is known, and is not written", async () => {
    daemon.board.setRange(21, 250);
    daemon.board.setDuty(21, stepOf(37));
    await startConnected();
    expect(await hub.heard("hello")).toMatchObject({ state: { brightness: 37 } });
    expect(daemon.commands.map(({ name }) => name)).not.toContain("PWM");
  });

  it("is off when that was asked for", async () => {
    levels.set("brightness", 62);
    daemon.board.setDuty(21, 200);
    await startConnected({ restore: "off" });
    expect(daemon.dutyOf(21)).toBe(0);
  });
});

describe("the light without a hub", () => {
  it("stays as it is by default", async () => {
    await startConnected({ restore: 37 });
    await hub.stop();
    await eventually(() => told("disconnected").length === 1);
    await clock.advance(3_600_000);
    expect(daemon.dutyOf(21)).toBe(stepOf(37));
  });

  it("fades off after its time, and the hub hears of it on return, while the last one asked for is kept", async () => {
    await startConnected({ onDisconnect: { level: 0, afterMs: 10_000, fadeMs: 2000 } });
    await hub.ask("set", { brightness: 37 });
    await hub.stop();
    await eventually(() => told("disconnected").length === 1);
    await clock.advance(9_999);
    expect(daemon.dutyOf(21)).toBe(stepOf(37));
    await clock.advance(2_001);
    await eventually(() => daemon.dutyOf(21) === 0);
    expect(levels.get("brightness")).toBe(37);
    await hub.start();
    await returned(2);
    expect(hub.all("hello")[1]).toMatchObject({ state: { brightness: 0 } });
  });

  it("goes to its level when no hub was there from the start", async () => {
    await hub.stop();
    await startAgent({ onDisconnect: { level: 20, afterMs: 60_000, fadeMs: 0 } });
    await clock.advance(60_000);
    await eventually(() => daemon.dutyOf(21) === stepOf(20));
    await hub.start();
  });

  it("stays when the hub is back in time", async () => {
    await startConnected({ restore: 37, onDisconnect: { level: 0, afterMs: 10_000, fadeMs: 0 } });
    await hub.stop();
    await eventually(() => told("disconnected").length === 1);
    await hub.start();
    await returned(2);
    await clock.advance(60_000);
    expect(daemon.dutyOf(21)).toBe(stepOf(37));
  });
});

describe("the agent without its daemon", () => {
  it("refuses a set with the reason and the remedy, tells the hub, and shows the wish when the daemon is back", async () => {
    await startConnected({ restore: 10 });
    await daemon.kill();
    expect(await hub.heard("log")).toEqual({ level: "warn", text: expect.stringContaining("ended the connection") });
    expect(await hub.ask("set", { brightness: 37 })).toEqual({
      error: { code: "FAILED", message: expect.stringMatching(/^pigpiod, GPIO21: .* Start it with: sudo pigpiod/) },
    });
    await daemon.start();
    await eventually(async () => {
      await clock.advance(50);
      return hub.all("report").length === 1;
    });
    expect(hub.all("report")).toEqual([{ brightness: 37 }]);
    expect(daemon.dutyOf(21)).toBe(stepOf(37));
  });
});

describe("the agent's probe, which feeds the watchdog,", () => {
  it("passes while the driver answers, and while it is known to be lost and tried again", async () => {
    await startConnected();
    await agent.probe();
    await daemon.kill();
    await hub.heard("log");
    await agent.probe();
    await daemon.start();
    await eventually(async () => {
      await clock.advance(50);
      return hub.all("log").length === 2;
    });
    await agent.probe();
  });

  it("does not pass while the driver hangs", async () => {
    await startConnected();
    daemon.replies = "none";
    const probe = agent.probe().then(
      () => "passed",
      () => "failed",
    );
    expect(await Promise.race([probe, new Promise((resolve) => setTimeout(resolve, 50, "hangs"))])).not.toBe("passed");
  });
});

describe("the agent's end", () => {
  it("leaves the light as it is and says no more", async () => {
    await startConnected();
    await hub.ask("set", { brightness: 37 });
    await agent.close();
    const said = hub.said.length;
    await eventually(() => daemon.connections === 0);
    await clock.advance(60_000);
    expect(daemon.dutyOf(21)).toBe(stepOf(37));
    expect(hub.said).toHaveLength(said);
  });
});
