/** What the build writes in front of the bundle, as the global `pharos`; read by `main.ts` alone. */

export interface Config {
  readonly ssid: string;
  /** Empty for an open network. */
  readonly password: string;
  /** Name or address of the hub; there is no wss on this device. */
  readonly host: string;
  readonly port: number;
  readonly id: string;
  /** Empty where the hub wants none. */
  readonly token: string;
  /** Empty: the device stays in `lobby`. */
  readonly rooms: readonly string[];
  /** Seconds between two beats. */
  readonly heartbeat: number;
  /** Number of the pin whose voltage is measured, as in D34; null: nothing is. */
  readonly sensorPin: number | null;
  /** Seconds between two samples, until the hub asks for others. */
  readonly report: number;
  /** Leaves the consoles that need no password, telnet and Bluetooth, as they are. */
  readonly consoles: boolean;
}

/** A socket of Espruino's `ws` module. Its events come later, never from inside a call. */
export interface Socket {
  on(event: "open" | "close" | "ping" | "pong", run: () => void): void;
  /** `rawData` is every piece of bytes as it came, before it is understood. */
  on(event: "message" | "rawData", run: (text: string) => void): void;
  removeAllListeners(event: "rawData"): void;
  /** Throws when the connection is gone. Anything but a string corrupts the stream. */
  send(text: string): void;
  close(): void;
  /** With an empty text: works off what arrived together with the answer to the handshake. */
  parseData(bytes: string): void;
}

export interface SocketOptions {
  readonly port: number;
  readonly path: string;
  /** Seconds between the module's own pings. */
  readonly keepAlive: number;
  readonly headers: { readonly [name: string]: string };
}

export interface Wifi {
  on(event: "connected" | "disconnected", run: () => void): void;
  connect(ssid: string, options: { password?: string }, done: (error: string | null) => void): void;
  /** Signal strength stands in it on some boards only. */
  getDetails(): { readonly rssi?: number };
}

/** The global that the build writes: the configuration and the modules, required where the uploader sees it. */
export interface Pharos {
  readonly config: Config;
  /** Throws when the hub cannot be reached, and blocks everything until it knows. */
  readonly ws: new (
    host: string,
    options: SocketOptions,
  ) => Socket;
  readonly wifi: Wifi;
  readonly telnet: { setOptions(options: { mode: "on" | "off" }): void };
  /** Files in flash; nothing there is undefined. */
  readonly storage: { read(name: string): string | undefined; write(name: string, text: string): boolean };
}
