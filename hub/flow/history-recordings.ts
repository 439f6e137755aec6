/** What people do with recordings beside starting and stopping them: name, note, mark, delete, restore (protocol 7.6). */
import type { Recording, RecordingChange } from "../history/store.ts";
import type { Acquisition } from "./acquisition.ts";
import type { House } from "./house.ts";

/** All of them throw PharosError `NOT_FOUND` when there is no such recording. */
export class Recordings {
  readonly #house: House;
  readonly #acquisition: Acquisition;

  constructor(house: House, acquisition: Acquisition) {
    this.#house = house;
    this.#acquisition = acquisition;
  }

  change(id: string, change: RecordingChange): Promise<Recording> {
    return this.#followed(this.#house.history.changeRecording(id, change));
  }

  /** @param at now unless stated. @throws PharosError `TOO_MANY` */
  mark(id: string, text: string, by: string, at?: number): Promise<Recording> {
    return this.#followed(this.#house.history.addMarker(id, { text, by, ...(at !== undefined && { at }) }));
  }

  unmark(id: string, marker: number): Promise<Recording> {
    return this.#followed(this.#house.history.removeMarker(id, marker));
  }

  /** Stops it, too. */
  remove(id: string): Promise<Recording> {
    return this.#followed(this.#house.history.removeRecording(id));
  }

  restore(id: string): Promise<Recording> {
    return this.#followed(this.#house.history.restoreRecording(id));
  }

  async #followed(changed: Promise<Recording>): Promise<Recording> {
    const recording = await changed;
    this.#acquisition.follow(recording);
    return recording;
  }
}
