/** The agent: pins on one side, the hub on the other. Created by main.ts and by the simulated Pis. */
import type { Clock, Timer } from "#base/clock.ts";
import type { Hello, Vitals } from "#protocol/device-events.ts";
import { type WireError, wireError } from "#protocol/errors.ts";
import type { Property, Values } from "#protocol/values.ts";
import type { AgentLog } from "./agent-log.ts";
import type { DriverError, PinDriver } from "./drivers/driver.ts";
import { HubLink } from "./hub-link.ts";
import { Inputs } from "./inputs.ts";
import type { LastLevels } from "./last-levels.ts";
import { Outputs } from "./outputs.ts";
import type { OnDisconnect, Restore } from "./policies.ts";
import type { ReportOutbox, ReportOutboxParts } from "./reports/report-outbox.ts";
import type { Sensors } from "./sensors.ts";
import { type Wiring, wantsOf } from "./wiring.ts";

export interface AgentSettings extends Wiring {
  readonly hub: string;
  readonly id: string;
  readonly token: string | null;
  readonly name: string | null;
  readonly rooms: readonly string[];
  readonly model: string;
  readonly software: string;
  /** Length of a fade when a `set` names none. */
  readonly transitionMs: number;
  readonly restore: Restore;
  readonly onDisconnect: OnDisconnect;
  readonly heartbeatIntervalMs: number;
  /** Time between reports of the sensors; 0 for none. */
  readonly sensorIntervalMs: number;
}

export interface AgentParts {
  readonly clock: Clock;
  readonly driver: PinDriver;
  readonly levels: LastLevels;
  readonly log: AgentLog;
  readonly sensors: Sensors;
  readVitals(): Vitals;
  /** Keeps the token that the hub gives when somebody approves this agent. */
  keepToken(token: string): void;
  /** Makes what keeps reports until the hub has taken them. */
  createReports(hub: Required<Pick<ReportOutboxParts, "send" | "tellHub">>): ReportOutbox;
}

export class Agent {
  readonly #settings: AgentSettings;
  readonly #parts: AgentParts;
  readonly #link: HubLink;
  readonly #outputs: Outputs;
  readonly #inputs: Inputs;
  readonly #reports: ReportOutbox;
  readonly #timers: Timer[] = [];
  #alone: Timer | null = null;
  #isDriverLost = false;

  constructor(settings: AgentSettings, parts: AgentParts) {
    const { hub, id, token, transitionMs } = settings;
    const { clock, driver, levels, log } = parts;
    this.#settings = settings;
    this.#parts = parts;
    this.#outputs = new Outputs({ clock, driver, levels, transitionMs });
    this.#inputs = new Inputs({ clock, driver, onChange: (name, value, text) => this.#onInput(name, value, text) });
    this.#link = new HubLink({
      hub,
      id,
      token,
      clock,
      log,
      listener: {
        onConnected: () => this.#greet(),
        onWelcome: ({ time, token }) => {
          if (token !== undefined) parts.keepToken(token);
          this.#reports.connected(time);
        },
        onDisconnected: () => this.#onDisconnected(),
        onSet: (frame, ack) => void this.#outputs.set(frame).then(ack),
        onAction: (frame, ack) => ack(this.#act(frame)),
      },
    });
    this.#reports = parts.createReports({
      send: (event, args, ack) => this.#link.ask(event, args, ack),
      tellHub: (text) => void this.#link.send("log", { level: "warn", text }),
    });
  }

  /** Opens the pins, restores what the outputs showed, then looks for the hub. @throws DriverError when a pin cannot be had */
  async start(): Promise<void> {
    const { clock, driver } = this.#parts;
    const { restore, inputs, heartbeatIntervalMs, sensorIntervalMs } = this.#settings;
    driver.watch((fault) => this.#onDriver(fault));
    await this.#outputs.open(this.#settings, restore);
    await this.#inputs.open(inputs);
    this.#tellPins();
    this.#timers.push(clock.every(heartbeatIntervalMs, () => this.#beat()));
    if (sensorIntervalMs > 0) this.#timers.push(clock.every(sensorIntervalMs, () => this.#measure()));
    this.#waitAlone();
    this.#link.open();
  }

  /** Says nothing more, leaves the outputs as they are, and lets go of everything. */
  async close(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    this.#alone?.cancel();
    this.#link.close();
    await this.#inputs.close();
    // What lasts comes before the pins: a driver that does not answer may take longer than systemd waits.
    await this.#parts.levels.close();
    await this.#reports.close();
    await this.#outputs.close();
    await this.#parts.driver.close();
  }

  /**
   * Resolves while the agent does what it can: its driver answers, or is known to be lost and tried again, where another start of the
   * agent would help nobody. For the watchdog.
   */
  async probe(): Promise<void> {
    if (!this.#isDriverLost) await this.#parts.driver.probe();
  }

  #greet(): void {
    this.#alone?.cancel();
    const { name, rooms, model, software, heartbeatIntervalMs } = this.#settings;
    const hello: Hello = {
      model,
      software,
      heartbeat: heartbeatIntervalMs / 1000,
      properties: this.#properties(),
      actions: { identify: { title: "Identify", description: "Blinks for three seconds." } },
      state: { ...this.#outputs.values, ...this.#inputs.values, ...this.#readings() },
      ...(name === null ? {} : { name }),
      ...(rooms.length === 0 ? {} : { rooms: [...rooms] }),
    };
    this.#link.send("hello", hello);
    this.#beat();
  }

  #properties(): { [name: string]: Property } {
    const { sensors } = this.#parts;
    const measured = this.#settings.sensorIntervalMs > 0 ? sensors.properties : [];
    return Object.fromEntries([...this.#outputs.properties, ...this.#inputs.properties, ...measured]);
  }

  #readings(): Values {
    return this.#settings.sensorIntervalMs > 0 ? this.#parts.sensors.read() : {};
  }

  #beat(): void {
    this.#link.send("heartbeat", this.#parts.readVitals());
  }

  #measure(): void {
    const readings = this.#readings();
    if (Object.keys(readings).length > 0) this.#reports.add(readings);
  }

  #onInput(name: string, value: boolean, message: string | null): void {
    this.#reports.add({ [name]: value });
    // What is said late helps nobody: messages are not kept.
    if (message !== null) this.#link.send("message", message);
  }

  #act(frame: unknown): null | { error: WireError } {
    const name = typeof frame === "object" && frame !== null && "name" in frame ? frame.name : undefined;
    if (name !== "identify") return { error: wireError("NO_ACTION", "This device can identify.") };
    this.#outputs.identify();
    return null;
  }

  #onDisconnected(): void {
    this.#reports.disconnected();
    this.#waitAlone();
  }

  /** Without a hub from the start counts as a lost one. */
  #waitAlone(): void {
    const { onDisconnect } = this.#settings;
    this.#alone?.cancel();
    if (onDisconnect === "hold") return;
    const { level, afterMs, fadeMs } = onDisconnect;
    this.#alone = this.#parts.clock.after(afterMs, () => {
      this.#parts.log.say("info", "alone", `Without the hub for ${afterMs / 1000} s: going to ${level} %.`, { level });
      this.#outputs.goTo(level, fadeMs);
    });
  }

  #onDriver(fault: DriverError | null): void {
    this.#isDriverLost = fault !== null;
    const text = fault?.message ?? `${this.#parts.driver.title} works again.`;
    const level = fault === null ? "info" : "warn";
    this.#parts.log.say(level, fault === null ? "driver-restored" : "driver-lost", text);
    this.#link.send("log", { level, text });
    // What was refused meanwhile is shown now: the driver has applied the newest steps.
    if (fault === null) this.#link.send("report", this.#outputs.values);
  }

  #tellPins(): void {
    const { driver, log } = this.#parts;
    for (const { name, pin, use } of wantsOf(this.#settings)) {
      const text = `${name}: GPIO${pin}${use === "pwm" ? "" : ` (${use})`} through ${driver.title}.`;
      log.say("info", "pin", text, { name, pin, use, driver: driver.name });
    }
  }
}
