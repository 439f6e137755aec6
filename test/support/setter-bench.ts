/** A setter on a bench: the device does what a test says, and all that was sent is kept. */
import { PharosError } from "#protocol/errors.ts";
import type { SetFrame } from "#protocol/hub-events.ts";
import type { Value, Values } from "#protocol/values.ts";
import { type SetOutcome, Setter } from "../../hub/devices/setter.ts";
import { type FakeClock, fakeClock } from "./fake-clock.ts";

/** The wait of the setter. */
export const GIVE_UP_MS = 1_000;
/** The wait of the line below it. */
export const LATE_MS = 10_000;

export interface Sent {
  readonly frame: SetFrame;
  readonly values: Values;
  readonly at: number;
  /** Properties that were neither answered nor reported since. */
  readonly open: Set<string>;
  answer(values?: Values): void;
  refuse(error: PharosError): void;
}

/** A device that does nothing by itself, at the end of a line that gives up after `LATE_MS` as the real one does. */
export class SetterBench {
  readonly clock: FakeClock = fakeClock();
  readonly sent: Sent[] = [];
  readonly applied: Values[] = [];
  readonly failed: Array<readonly [readonly string[], string]> = [];
  readonly setter: Setter;
  /** Called before each frame goes. */
  onSend: (sent: Sent) => void = () => {};

  constructor(maxAskers = 256) {
    this.setter = new Setter({
      clock: this.clock,
      giveUpMs: GIVE_UP_MS,
      maxAskers,
      send: (frame) => this.#send(frame),
      onApplied: (values) => this.applied.push(values),
      onFailed: (properties, error) => this.failed.push([properties, error.code]),
    });
  }

  get frames(): SetFrame[] {
    return this.sent.map(({ frame }) => frame);
  }

  frame(index: number): Sent {
    const sent = this.sent.at(index);
    if (sent === undefined) throw new Error(`no frame ${index} was sent`);
    return sent;
  }

  /** Asks, and keeps what becomes of it. */
  ask(property: string, value: Value, transition?: number): { outcomes: SetOutcome[] } {
    const asked = { outcomes: [] as SetOutcome[] };
    void this.setter.request(property, value, transition).then((outcome) => asked.outcomes.push(outcome));
    return asked;
  }

  #send(frame: SetFrame): Promise<Values> {
    return new Promise((resolve, reject) => {
      const { transition: _, ...values } = frame;
      const open = new Set(Object.keys(values));
      const sent: Sent = {
        frame,
        values,
        at: this.clock.monotonic(),
        open,
        answer(accepted = values) {
          open.clear();
          resolve(accepted);
        },
        refuse(error) {
          open.clear();
          reject(error);
        },
      };
      this.onSend(sent);
      this.sent.push(sent);
      this.clock.after(LATE_MS, () => sent.refuse(new PharosError("TIMEOUT")));
    });
  }
}
