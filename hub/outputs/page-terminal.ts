/** The terminal that one page has open: the newest text, a piece at a time, as fast as the page acknowledges (protocol 2.5). */
import type { TerminalText } from "#protocol/dashboard-events.ts";
import { LIMITS } from "../base/limits.ts";
import type { House } from "../flow/house.ts";
import type { Streams } from "../flow/streams.ts";
import { lastOf } from "../flow/terminal.ts";

export class PageTerminal {
  readonly #house: House;
  readonly #streams: Streams;
  readonly #send: (text: TerminalText) => Promise<void>;
  #device: string | null = null;
  #pending = "";
  #hasGap = false;
  #isSending = false;

  /** @param send resolves when the page acknowledged, or is given up */
  constructor(house: House, streams: Streams, send: (text: TerminalText) => Promise<void>) {
    this.#house = house;
    this.#streams = streams;
    this.#send = send;
  }

  /** Shows the terminal of a device, or of none. @returns what it showed last; @throws PharosError `NOT_FOUND` */
  watch(device: string | null): string {
    this.close();
    if (device === null) return "";
    const text = this.#streams.scrollback(device);
    this.#device = device;
    this.#house.events.on("stream", this.#onText);
    return text;
  }

  close(): void {
    this.#house.events.off("stream", this.#onText);
    this.#device = null;
    this.#pending = "";
    this.#hasGap = false;
  }

  readonly #onText = (device: string, text: string): void => {
    if (device !== this.#device) return;
    const all = this.#pending + text;
    this.#pending = lastOf(all, LIMITS.streamScrollback);
    this.#hasGap ||= this.#pending.length < all.length;
    this.#sendNext();
  };

  #sendNext(): void {
    if (this.#isSending || this.#device === null || this.#pending === "") return;
    const text = { device: this.#device, text: this.#pending, hasGap: this.#hasGap };
    this.#pending = "";
    this.#hasGap = false;
    this.#isSending = true;
    void this.#send(text).then(() => {
      this.#isSending = false;
      this.#sendNext();
    });
  }
}
