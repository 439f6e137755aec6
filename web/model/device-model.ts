/** A device as the page holds it: a signal for each part that can change by itself. The store makes them. */
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { About, DeviceDetail, Link, PropertyState } from "#protocol/views.ts";
import type { Knob } from "./knob.ts";
import type { Trends } from "./trend.ts";

export interface DeviceModel {
  readonly id: string;
  readonly about: Signal<About>;
  readonly link: Signal<Link>;
  /** Only of the device whose room is open; null until the hub has told it. */
  readonly detail: Signal<DeviceDetail | null>;
  /** Declared properties in their order, then those only reported. */
  readonly names: ReadonlySignal<readonly string[]>;
  /** The property of this name; made when first asked for. */
  property(name: string): PropertyModel;
}

export interface PropertyModel {
  readonly device: string;
  readonly name: string;
  readonly state: ReadonlySignal<PropertyState>;
  readonly trends: Trends;
  readonly knob: Knob;
}
