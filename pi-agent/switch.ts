/** Something that is on or off on one pin, as a relay. The agent has one for each of its switches. */
import type { Property } from "#protocol/values.ts";
import type { PinOutput } from "./drivers/driver.ts";
import type { Output } from "./output.ts";
import { createStepWriter, type StepWriter } from "./step-writer.ts";

export class Switch implements Output {
  readonly property: Property;
  readonly #output: PinOutput;
  readonly #writer: StepWriter;
  #isOn: boolean;

  /** Changes nothing on the pin: as it is found, so the switch is. */
  constructor(output: PinOutput, title?: string) {
    this.property = { type: "boolean", readOnly: false, ...(title === undefined ? {} : { title }) };
    this.#output = output;
    this.#writer = createStepWriter(output);
    this.#isOn = output.foundStep > 0;
  }

  get value(): boolean {
    return this.#isOn;
  }

  async set(level: number): Promise<void> {
    this.#isOn = level > 0;
    await this.#writer.write(this.#isOn ? 1 : 0);
  }

  /** A relay that clatters, or a pump that starts, helps nobody to find a device. */
  identify(): void {}

  async close(): Promise<void> {
    await this.#writer.idle();
    await this.#output.close();
  }
}
