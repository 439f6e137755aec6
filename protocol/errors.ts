/** The one table of error codes: what each says, over HTTP and at the close of a socket, and whose fault it is (protocol 2.9, 3.8). */

interface ErrorRow {
  /** HTTP status of a refusal or a REST answer. */
  readonly status: number;
  /** WebSocket close code, when the connection ends because of it. */
  readonly close: number;
  readonly fault: "client" | "device" | "hub";
  /** The default sentence; a thrower may say it more exactly. */
  readonly message: string;
}

export const ERRORS = {
  BAD_ID: {
    status: 400,
    close: 1008,
    fault: "client",
    message: "The device id must be 1 to 64 of A-Z a-z 0-9 . _ - and start with a letter or digit.",
  },
  BAD_REQUEST: { status: 400, close: 1008, fault: "client", message: "The request is not understood." },
  BAD_FRAME: { status: 400, close: 1008, fault: "client", message: "The frame is not understood and was dropped." },
  UNKNOWN_EVENT: {
    status: 400,
    close: 1008,
    fault: "client",
    message: "Devices may send hello, heartbeat, report, reports, log, message, join and leave.",
  },
  UNAUTHORIZED: {
    status: 401,
    close: 4401,
    fault: "client",
    message: "Sign in on the page, or give a token; an admin makes one under Add a device.",
  },
  BAD_ORIGIN: {
    status: 403,
    close: 1008,
    fault: "client",
    message: "Pages of this origin may not connect. Allow it with --allow-origin.",
  },
  FORBIDDEN: { status: 403, close: 1008, fault: "client", message: "Your role does not allow that." },
  REVOKED: {
    status: 401,
    close: 4401,
    fault: "client",
    message: "The token was revoked. An admin makes a new one on the page.",
  },
  NO_DOOR: {
    status: 404,
    close: 1008,
    fault: "client",
    message: "There is no such door. Devices connect to /bridge/ID.",
  },
  NO_DEVICE: { status: 404, close: 1008, fault: "client", message: "There is no such device." },
  NO_PROPERTY: { status: 404, close: 1008, fault: "client", message: "The device has no such property." },
  NO_ACTION: { status: 404, close: 1008, fault: "client", message: "The device has no such action." },
  NOT_FOUND: { status: 404, close: 1008, fault: "client", message: "There is nothing at this address." },
  DUPLICATE: {
    status: 409,
    close: 4409,
    fault: "client",
    message: "A device with this id is connected and answers. Give one of them another id.",
  },
  REPLACED: { status: 409, close: 4409, fault: "client", message: "Another connection with this id took over." },
  OFFLINE: { status: 409, close: 1008, fault: "device", message: "The device is offline." },
  BAD_HOST: {
    status: 421,
    close: 1008,
    fault: "client",
    message: "This hub is not known by that name. Use its address, or add the name with --allow-host.",
  },
  INVALID_VALUE: { status: 422, close: 1008, fault: "client", message: "The value is not one the property can take." },
  READ_ONLY: { status: 422, close: 1008, fault: "client", message: "The property can be read but not set." },
  UPGRADE_REQUIRED: {
    status: 426,
    close: 1008,
    fault: "client",
    message: "This address is a WebSocket door: connect to it with ws://.",
  },
  TOO_MANY: { status: 429, close: 4429, fault: "client", message: "Too many. Wait a little and try again." },
  TOO_BIG: { status: 413, close: 1009, fault: "client", message: "The message is larger than the limit." },
  TOO_SLOW: {
    status: 503,
    close: 1008,
    fault: "client",
    message: "The connection does not read what it is sent. It was closed; connect again.",
  },
  STRIKES: { status: 429, close: 1008, fault: "client", message: "Too many faulty frames in a minute." },
  DISCONNECTED: { status: 503, close: 1008, fault: "hub", message: "The hub ended this connection." },
  INTERNAL: { status: 500, close: 1011, fault: "hub", message: "The hub made a mistake; its log says more." },
  STORAGE: {
    status: 507,
    close: 1011,
    fault: "hub",
    message: "The hub cannot write to its disk. It keeps what was asked in memory and tries again.",
  },
  SHUTDOWN: { status: 503, close: 1012, fault: "hub", message: "The hub is stopping. Connect again in a moment." },
  FAILED: { status: 502, close: 1008, fault: "device", message: "The device answered with an error." },
  TIMEOUT: { status: 504, close: 1008, fault: "device", message: "The device did not answer in time." },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** An error as it stands in a frame or an HTTP body. Codes of devices may be others than the hub's. */
export interface WireError {
  readonly code: string;
  readonly message: string;
}

/** The error of `code` for the wire; `message` says it more exactly than the table. */
export function wireError(code: ErrorCode, message: string = ERRORS[code].message): WireError {
  return { code, message };
}

/** An expected fault with a code of the table; everything else that is thrown is a mistake of the hub. */
export class PharosError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string = ERRORS[code].message) {
    super(message);
    this.name = "PharosError";
    this.code = code;
  }

  toWire(): WireError {
    return { code: this.code, message: this.message };
  }
}
