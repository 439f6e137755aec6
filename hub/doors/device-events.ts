/** Listens to a device's socket, checks what it says once, and hands it to the flows (protocol section 4). Same for every door. */
import type { Socket } from "socket.io";
import * as z from "zod";
import { DEVICE_EVENTS, type DeviceEvent, type DeviceEventData, isDeviceEvent } from "#protocol/device-events.ts";
import { PharosError, type WireError, wireError } from "#protocol/errors.ts";
import { isHubEvent, type Welcome } from "#protocol/hub-events.ts";
import type { Logger } from "../base/logger.ts";
import type { Arrivals } from "../flow/arrivals.ts";
import type { Beside, Inbound } from "../flow/inbound.ts";
import type { Session } from "../flow/session.ts";
import type { FrameLimit } from "./frame-limit.ts";
import type { SocketConnection } from "./socket-connection.ts";

export interface Flows {
  readonly arrivals: Arrivals;
  readonly inbound: Inbound;
}

type Acknowledge = (answer: unknown) => void;
/** What a device says after it introduced itself. */
type Saying = Exclude<DeviceEvent, "hello">;

const beside = z.object({ time: z.number().optional(), text: z.string().optional() });

/** The events of one device, until its socket closes. */
export class DeviceEvents {
  readonly #socket: Socket;
  readonly #connection: SocketConnection;
  readonly #session: Session;
  readonly #flows: Flows;
  readonly #logger: Logger;
  readonly #isPlain: boolean;
  /** To be told with the next welcome. */
  #token: string | null = null;

  constructor(socket: Socket, connection: SocketConnection, session: Session, flows: Flows, logger: Logger) {
    this.#socket = socket;
    this.#connection = connection;
    this.#session = session;
    this.#flows = flows;
    this.#logger = logger;
    this.#isPlain = connection.door !== "socket.io";
  }

  /** @param limit how fast it may speak; null: as it likes */
  listen(limit: FrameLimit | null): void {
    if (limit === null) {
      this.#socket.onAny((event: string, ...args: unknown[]) => void this.take(event, args));
      return;
    }
    let bytes = 0;
    const count = (data: string | Buffer): void => {
      bytes += data.length;
    };
    const { conn } = this.#socket;
    conn.on("data", count);
    this.#socket.on("disconnect", () => {
      conn.off("data", count);
      limit.close();
    });
    this.#socket.onAny((event: string, ...args: unknown[]) => {
      limit.take(event, args, bytes);
      bytes = 0;
    });
  }

  /** It was just approved: its token goes with its welcome (protocol 7.9). */
  giveToken(token: string): void {
    this.#token = token;
  }

  /** Takes an event as if it came just now. Never rejects: what is wrong with it is answered. */
  async take(event: string, args: unknown[]): Promise<void> {
    const acknowledge = typeof args.at(-1) === "function" ? (args.pop() as Acknowledge) : null;
    try {
      await this.#dispatch(event, args, acknowledge);
    } catch (error) {
      const wire = toWire(error, this.#logger);
      if (acknowledge !== null) acknowledge({ error: wire });
      else this.#socket.emit("error", wire);
      // Where the first frame names the device, a refusal of the name is the end (protocol 2.8).
      if (event === "hello" && wire.code === "DUPLICATE" && this.#connection.door === "tcp") {
        this.#connection.dismiss("DUPLICATE");
      }
    }
  }

  async #dispatch(event: string, [data, meta]: unknown[], acknowledge: Acknowledge | null): Promise<void> {
    if (event === "hello") {
      await this.#hello(data, acknowledge);
      return;
    }
    if (event === "name" && this.#isPlain) {
      await this.#name(String(data));
      return;
    }
    if (isSaying(event)) {
      const { time, text } = meta === undefined ? {} : (beside.safeParse(meta).data ?? {});
      const by = { time, text: this.#isPlain ? text : undefined };
      dispatch(this.#flows.inbound, this.#session, event, data, by);
    } else if (event === "binary" && this.#isPlain && Buffer.isBuffer(data)) {
      this.#flows.inbound.binary(this.#session, data);
    } else if (!isHubEvent(event)) throw new PharosError("UNKNOWN_EVENT");
    acknowledge?.({});
  }

  /** `HELLO ID`: a refusal of the name is a `bye` (protocol 2.4, 2.8). */
  async #name(id: string): Promise<void> {
    try {
      await this.#flows.arrivals.name(this.#session, id);
    } catch (error) {
      if (!(error instanceof PharosError)) throw error;
      this.#connection.dismiss(error.code);
    }
  }

  /** Answered by `welcome`, which on Socket.IO is also the acknowledgement; a plain frame gets one answer (protocol 3.1, 4.1). */
  async #hello(data: unknown, acknowledge: Acknowledge | null): Promise<void> {
    const hello = parse("hello", data);
    const welcome = this.#withToken(await this.#flows.arrivals.hello(this.#session, hello));
    if (hello.heartbeat !== undefined) this.#connection.expectBeat(hello.heartbeat * 1000);
    acknowledge?.(welcome);
    if (acknowledge === null || !this.#isPlain) this.#socket.emit("welcome", welcome);
    this.#flows.arrivals.greet(this.#session, hello.name);
    this.#flows.arrivals.restore(this.#session, hello.state ?? {});
  }

  #withToken(welcome: Welcome): Welcome {
    const token = this.#token;
    this.#token = null;
    return token === null ? welcome : { ...welcome, token };
  }
}

function isSaying(event: string): event is Saying {
  return isDeviceEvent(event) && event !== "hello";
}

function dispatch(inbound: Inbound, session: Session, event: Saying, data: unknown, by: Beside): void {
  switch (event) {
    case "heartbeat":
      inbound.heartbeat(session, parse(event, data), by);
      break;
    case "report":
      inbound.report(session, parse(event, data), by);
      break;
    case "reports":
      inbound.reports(session, parse(event, data));
      break;
    case "log":
      inbound.log(session, parse(event, data));
      break;
    case "message":
      inbound.message(session, parse(event, data));
      break;
    case "join":
    case "leave":
      inbound.membership(session, parse(event, data), event === "join");
      break;
    default:
      event satisfies never;
  }
}

/** @throws PharosError `INVALID_VALUE` for a report, else `BAD_FRAME`, naming what is wrong */
function parse<E extends DeviceEvent>(event: E, data: unknown): DeviceEventData<E> {
  const result = DEVICE_EVENTS[event].safeParse(data);
  if (result.success) return result.data as DeviceEventData<E>;
  const [issue] = result.error.issues;
  const where = [event, ...(issue?.path ?? [])].join(".");
  const code = event === "report" || event === "reports" ? "INVALID_VALUE" : "BAD_FRAME";
  throw new PharosError(code, `${where}: ${issue?.message ?? "not understood"}`);
}

function toWire(error: unknown, logger: Logger): WireError {
  if (error instanceof PharosError) return error.toWire();
  logger.error(error, "a device event failed");
  return wireError("INTERNAL");
}
