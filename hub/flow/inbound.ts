/** Data goes up one stair: door → check → presence → history → state → tell (protocol section 4). Doors call this with parsed data. */
import type { DeviceEventData, Reports, Vitals } from "#protocol/device-events.ts";
import { PharosError } from "#protocol/errors.ts";
import { isCounter } from "#protocol/time.ts";
import type { Value, Values } from "#protocol/values.ts";
import type { Device } from "../devices/device.ts";
import { checkIntake } from "../devices/intake.ts";
import type { Attendance } from "./attendance.ts";
import type { Measured } from "./history-intake.ts";
import type { House } from "./house.ts";
import { joinOrLeave } from "./register.ts";
import type { Session } from "./session.ts";
import type { TextCommands } from "./text-commands.ts";

/** What stood beside the data. */
export interface Beside {
  /** The device's own time: ms since the epoch, or its counter (protocol 1.2). */
  readonly time?: number | undefined;
  /** The text as it came, when it is also a message to the sender's rooms (protocol 3.2, 3.3). */
  readonly text?: string | undefined;
}

interface Sample {
  readonly values: Values;
  /** When it counts as measured: the hub's clock, ms since the epoch. */
  readonly at: number;
  readonly deviceTime: number | undefined;
}

export class Inbound {
  readonly #house: House;

  readonly #attendance: Attendance;
  readonly #commands: TextCommands;

  constructor(house: House, attendance: Attendance, commands: TextCommands) {
    this.#house = house;
    this.#attendance = attendance;
    this.#commands = commands;
  }

  heartbeat(session: Session, vitals: Vitals, { text }: Beside): void {
    const { device } = session;
    if (Object.keys(vitals).length > 0) device.vitals = { ...device.vitals, ...vitals };
    this.#attendance.beaten(device, "heartbeat");
    if (text !== undefined) this.#relay(session, text, "heartbeat");
  }

  report(session: Session, values: Values, { time, text }: Beside): void {
    this.takeReport(session.device, values, time);
    if (text !== undefined) this.#relay(session, text, "report");
  }

  reports(session: Session, batch: Reports): void {
    this.takeBatch(session.device, batch);
  }

  /** One live report. @throws PharosError `INVALID_VALUE`; then nothing of it is kept */
  takeReport(device: Device, values: Values, time: number | undefined): void {
    this.#attendance.heard(device);
    checkIntake(device, [values]);
    // A hand on a knob keeps no beat; a sensor does.
    if (Object.keys(values).some((name) => !isWritable(device, name))) this.#attendance.beaten(device, "report");
    const at = this.#house.clock.now();
    if (time !== undefined) learnClock(device, time, at);
    this.#house.samples.put(device, values, whenMeasured(device, time, at));
    const changed = this.#keep(device, { values, at, deviceTime: time }, true);
    this.#house.tell({ id: device.id, properties: changed });
  }

  /**
   * A batch measured while the link was down. It changes what was reported last, and never what is desired (protocol 4.5).
   * @throws PharosError `INVALID_VALUE`; then nothing of it is kept
   */
  takeBatch(device: Device, batch: Reports): void {
    this.#attendance.heard(device);
    checkIntake(
      device,
      batch.map(([, values]) => values),
    );
    const changed = new Set<string>();
    const now = this.#house.clock.now();
    learnClocks(device, batch, now);
    for (const [time, values] of batch) {
      this.#house.samples.put(device, values, whenMeasured(device, time, now));
      const sample = { values, at: hubTime(device, time), deviceTime: time };
      for (const name of this.#keep(device, sample, false)) changed.add(name);
    }
    this.#house.tell({ id: device.id, properties: [...changed] });
  }

  log({ device }: Session, { level, text }: DeviceEventData<"log">): void {
    this.#attendance.heard(device);
    this.#house.say({ from: device.id, to: [], kind: "log", text: `${level}: ${text}` });
  }

  message(session: Session, data: DeviceEventData<"message">): void {
    this.#attendance.heard(session.device);
    if (typeof data === "string" && this.#commands.answer(session, data)) return;
    if (typeof data === "string") this.#relay(session, data, "message");
    else this.#send(session, [data.room], data.text, "message");
  }

  /** Binary goes to the plain WebSockets of the sender's rooms, unchanged (protocol 3.5). */
  binary(session: Session, data: Buffer): void {
    this.#attendance.heard(session.device);
    const rooms = session.connection.rooms();
    this.#house.broadcast.binary(rooms, data, session.connection.socketId);
    this.#house.say({ from: session.device.id, to: rooms, kind: "message", text: `(${data.length} bytes of binary)` });
  }

  membership({ device }: Session, room: string, member: boolean): void {
    this.#attendance.heard(device);
    joinOrLeave(device, room, member);
    this.#house.keep(device);
    this.#house.tell({ id: device.id, about: true });
  }

  #relay(session: Session, text: string, kind: "message" | "heartbeat" | "report"): void {
    this.#send(session, session.connection.rooms(), text, kind);
  }

  #send(
    { device, connection }: Session,
    rooms: readonly string[],
    text: string,
    kind: "message" | "heartbeat" | "report",
  ): void {
    this.#house.say({ from: device.id, to: rooms, kind, text });
    this.#house.broadcast.message(rooms, text, connection.socketId);
    // A message too large for a receiver is the sender's fault and never reaches that receiver (protocol 1.3).
    const deaf = this.#house.countDeaf(rooms, text, device);
    if (deaf > 0) throw new PharosError("TOO_BIG", `${deaf} members of the room take no message of this size.`);
  }

  /** @returns the properties whose reported value changed */
  #keep(device: Device, { values, at, deviceTime }: Sample, live: boolean): string[] {
    const changed: string[] = [];
    for (const [name, value] of Object.entries(values)) {
      const state = device.stateOf(name);
      if (!live && state.reported !== null && state.reported.at > at) continue;
      if (live) this.#knob(device, name, value, at);
      state.reported = deviceTime === undefined ? { value, at } : { value, at, deviceTime };
      this.#house.keepReported(device, name);
      changed.push(name);
    }
    return changed;
  }

  /** A live report of a writable property is somebody's hand on the knob, unless it answers a `set` (protocol 4.5, 6.4). */
  #knob(device: Device, name: string, value: Value, at: number): void {
    if (device.setter.isBusyWith(name)) device.setter.reported(name, value);
    else if (isWritable(device, name)) {
      device.stateOf(name).desired = { value, by: "device", at, status: "applied" };
      this.#house.keepDesired(device, name);
    }
  }
}

/** What a live report tells of the device's counter, or of its clock: how it is mapped to the hub's (protocol 1.2). */
function learnClock(device: Device, time: number, now: number): void {
  if (isCounter(time)) device.counterOffset = Math.min(device.counterOffset ?? now - time, now - time);
  else device.clock.hear(time, now);
}

/** A batch waited before it came: of a clock it tells no more than that it is ahead. */
function learnClocks(device: Device, batch: Reports, now: number): void {
  let newest = Number.NEGATIVE_INFINITY;
  for (const [time] of batch) {
    if (isCounter(time)) learnClock(device, time, now);
    else if (time > newest) newest = time;
  }
  device.clock.hearBatch(newest, now);
}

/** By the hub's clock. */
function hubTime(device: Device, time: number): number {
  return time + (isCounter(time) ? (device.counterOffset ?? 0) : device.clock.offset);
}

function whenMeasured(device: Device, time: number | undefined, arrival: number): Measured {
  if (time === undefined) return { at: arrival };
  const at = hubTime(device, time);
  if (isCounter(time)) return { at, deviceTime: time };
  // What no correction makes a time is left to the history to judge.
  return device.clock.isOff && at > 0 ? { at, deviceTime: time, clock: "off" } : { at: arrival, deviceTime: time };
}

function isWritable(device: Device, property: string): boolean {
  const declared = device.properties.get(property);
  return declared !== undefined && declared.readOnly !== true;
}
