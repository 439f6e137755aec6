/** The agent: lights on one side, the hub on the other. Created by main.ts and by the simulated Pis. */
import type { Clock, Timer } from "#base/clock.ts";
import type { Hello, Vitals } from "#protocol/device-events.ts";
import { type WireError, wireError } from "#protocol/errors.ts";
import type { Property } from "#protocol/values.ts";
import type { AgentLog } from "./agent-log.ts";
import type { PowerLimits } from "./brightness.ts";
import type { DriverError, PwmDriver } from "./drivers/driver.ts";
import { type Ack, HubLink } from "./hub-link.ts";
import { Lamp } from "./lamp.ts";
import type { LastLevels } from "./last-levels.ts";
import { type OnDisconnect, type Restore, startLevel } from "./policies.ts";
import { BRIGHTNESS, readSet } from "./set-frame.ts";

/** One light: the property it is, and the pin it is on. */
export interface AgentOutput {
  readonly name: string;
  readonly pin: number;
  readonly title?: string | undefined;
  readonly limits: PowerLimits;
}

export interface AgentSettings {
  readonly hub: string;
  readonly id: string;
  readonly token: string | null;
  readonly name: string | null;
  readonly rooms: readonly string[];
  readonly model: string;
  readonly software: string;
  readonly outputs: readonly AgentOutput[];
  readonly transitionMs: number;
  readonly restore: Restore;
  readonly onDisconnect: OnDisconnect;
  readonly heartbeatIntervalMs: number;
}

export interface AgentParts {
  readonly clock: Clock;
  readonly driver: PwmDriver;
  readonly levels: LastLevels;
  readonly log: AgentLog;
  readVitals(): Vitals;
}

export class Agent {
  readonly #settings: AgentSettings;
  readonly #parts: AgentParts;
  readonly #link: HubLink;
  readonly #lamps = new Map<string, Lamp>();
  readonly #properties: ReadonlyMap<string, Property>;
  #heartbeat: Timer | null = null;
  #alone: Timer | null = null;

  constructor(settings: AgentSettings, parts: AgentParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.#properties = new Map(settings.outputs.map((output) => [output.name, declare(output)]));
    const listener = {
      onConnected: () => this.#greet(),
      onDisconnected: () => this.#waitAlone(),
      onSet: (frame: unknown, ack: Ack) => void this.#set(frame).then(ack),
      onAction: (frame: unknown, ack: Ack) => ack(this.#act(frame)),
    };
    const { hub, id, token } = settings;
    this.#link = new HubLink({ hub, id, token, clock: parts.clock, log: parts.log, listener });
  }

  /** Opens the outputs, restores their brightness, then looks for the hub. @throws DriverError when a pin cannot be driven */
  async start(): Promise<void> {
    const { clock, driver, levels } = this.#parts;
    driver.watch((fault) => this.#onDriver(fault));
    for (const { name, pin, limits } of this.#settings.outputs) {
      const lamp = new Lamp(clock, await driver.open(pin), limits);
      this.#lamps.set(name, lamp);
      const level = startLevel(this.#settings.restore, levels.get(name));
      if (level !== null) await lamp.set(level);
      this.#parts.log.say("info", "output", `${name}: GPIO${pin} through ${driver.title}.`, {
        name,
        pin,
        driver: driver.name,
      });
    }
    this.#heartbeat = clock.every(this.#settings.heartbeatIntervalMs, () =>
      this.#link.send("heartbeat", this.#parts.readVitals()),
    );
    this.#waitAlone();
    this.#link.open();
  }

  /** Says nothing more, leaves the lights as they are, and lets go of everything. */
  async close(): Promise<void> {
    this.#heartbeat?.cancel();
    this.#alone?.cancel();
    this.#link.close();
    for (const lamp of this.#lamps.values()) await lamp.close();
    await this.#parts.levels.close();
    await this.#parts.driver.close();
  }

  #greet(): void {
    this.#alone?.cancel();
    const { name, rooms, model, software, heartbeatIntervalMs } = this.#settings;
    const hello: Hello = {
      model,
      software,
      heartbeat: heartbeatIntervalMs / 1000,
      properties: Object.fromEntries(this.#properties),
      actions: { identify: { title: "Identify", description: "Blinks for three seconds." } },
      state: this.#state(),
      ...(name === null ? {} : { name }),
      ...(rooms.length === 0 ? {} : { rooms: [...rooms] }),
    };
    this.#link.send("hello", hello);
    this.#link.send("heartbeat", this.#parts.readVitals());
  }

  #state(): { [output: string]: number } {
    return Object.fromEntries([...this.#lamps].map(([name, lamp]) => [name, lamp.level]));
  }

  /** Answers with the values as accepted when the outputs have taken the first step towards them (protocol 5.1). */
  async #set(frame: unknown): Promise<{ readonly [output: string]: number } | { error: WireError }> {
    const reading = readSet(frame, this.#properties);
    if ("error" in reading) return { error: reading.error };
    const transitionMs = reading.transitionMs ?? this.#settings.transitionMs;
    const wanted = Object.entries(reading.values);
    for (const [name, level] of wanted) this.#parts.levels.put(name, level);
    const results = await Promise.allSettled(
      wanted.map(([name, level]) => this.#lamps.get(name)?.set(level, transitionMs)),
    );
    const failed = results.find((result) => result.status === "rejected");
    return failed === undefined ? reading.values : { error: wireError("FAILED", (failed.reason as Error).message) };
  }

  #act(frame: unknown): null | { error: WireError } {
    const name = typeof frame === "object" && frame !== null && "name" in frame ? frame.name : undefined;
    if (name !== "identify") return { error: wireError("NO_ACTION", "This device can identify.") };
    for (const lamp of this.#lamps.values()) lamp.identify();
    return null;
  }

  /** Without a hub from the start counts as a lost one. */
  #waitAlone(): void {
    const { onDisconnect } = this.#settings;
    this.#alone?.cancel();
    if (onDisconnect === "hold") return;
    const { level, afterMs, fadeMs } = onDisconnect;
    this.#alone = this.#parts.clock.after(afterMs, () => {
      this.#parts.log.say("info", "alone", `Without the hub for ${afterMs / 1000} s: going to ${level} %.`, { level });
      // The driver tells its faults itself.
      for (const lamp of this.#lamps.values()) lamp.set(level, fadeMs).catch(() => {});
    });
  }

  #onDriver(fault: DriverError | null): void {
    const text = fault?.message ?? `${this.#parts.driver.title} works again.`;
    const level = fault === null ? "info" : "warn";
    this.#parts.log.say(level, fault === null ? "driver-restored" : "driver-lost", text);
    this.#link.send("log", { level, text });
    // What was refused meanwhile is shown now: the driver has applied the newest steps.
    if (fault === null) this.#link.send("report", this.#state());
  }
}

function declare({ title }: AgentOutput): Property {
  return title === undefined ? BRIGHTNESS : { ...BRIGHTNESS, title };
}
