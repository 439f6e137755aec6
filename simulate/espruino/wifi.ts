/** The Wi-Fi of a simulated board: there from the start; a test can take it away and give it back. */
import { Emitter, type Queue } from "./emitter.ts";
import type { Timers } from "./timers.ts";

const JOIN_MS = 50;

export class SimulatedWifi extends Emitter {
  /** Whether the board has joined. */
  isUp = false;
  private inReach = true;
  private readonly timers: Timers;

  constructor(queue: Queue, timers: Timers) {
    super(queue);
    this.timers = timers;
  }

  /** Without an access point nothing happens, ever: no call back, no event, no further try. */
  connect(_ssid: string, _options?: object, done?: (error: string | null) => void): void {
    this.timers.setTimeout(() => {
      if (!this.inReach) return;
      this.isUp = true;
      done?.(null);
      this.emit("connected", { ip: "127.0.0.1" });
    }, JOIN_MS);
  }

  getDetails(): { status: string; rssi?: number } {
    return this.isUp ? { status: "connected" } : { status: "NO_AP_FOUND" };
  }

  /** Takes the access point away. */
  lose(): void {
    this.inReach = false;
    if (this.isUp) this.emit("disconnected", { reason: "200" });
    this.isUp = false;
  }

  /** Gives it back; the board joins when it asks again. */
  restore(): void {
    this.inReach = true;
  }
}
