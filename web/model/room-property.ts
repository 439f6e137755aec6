/** One property of all members of a room, held as one: what they share, where they differ, what became of the last wish. */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { Property, Scalar, Value } from "#protocol/values.ts";
import type { PropertyState, Wish } from "#protocol/views.ts";
import type { DeviceModel, PropertyModel } from "./device-model.ts";
import type { Look } from "./hand.ts";
import { same } from "./hand.ts";

export interface SharedProperty {
  readonly name: string;
  readonly declared: Property;
  /** The members that have it. */
  readonly members: readonly DeviceModel[];
}

/**
 * The writable properties that more than half of the members declare alike, and at least two of them; only those that
 * one control can stand for: a number with a range, a boolean, a choice.
 */
export function sharedProperties(members: readonly DeviceModel[]): readonly SharedProperty[] {
  const shared = new Map<string, { name: string; declared: Property; members: DeviceModel[] }>();
  for (const device of members) {
    for (const [name, declared] of Object.entries(device.about.value.properties)) {
      if (declared.readOnly === true || !isSimple(declared)) continue;
      const key = `${name}\n${shapeOf(declared)}`;
      const found = shared.get(key);
      if (found === undefined) shared.set(key, { name, declared, members: [device] });
      else found.members.push(device);
    }
  }
  return [...shared.values()].filter(({ members: those }) => those.length > 1 && those.length > members.length / 2);
}

function isSimple({ type, minimum, maximum, enum: options }: Property): boolean {
  if (options !== undefined || type === "boolean") return true;
  return (
    (type === "number" || type === "integer") && minimum !== undefined && maximum !== undefined && minimum < maximum
  );
}

function shapeOf({ type, minimum, maximum, unit, enum: options }: Property): string {
  return JSON.stringify([type, minimum, maximum, unit, options]);
}

/** How many members stand where with their last wish. */
export type Fates = { readonly [look in Look]: number };

export interface Together {
  /** What all members show; undefined when they differ or nothing is known. */
  readonly common: Value | undefined;
  /** The different values that members show. */
  readonly values: readonly Scalar[];
  /** The different values that members have applied. */
  readonly applied: readonly Scalar[];
  readonly fates: Fates;
  /** The first sentence of a failure. */
  readonly failure: string | null;
}

export function togetherOf(parts: readonly PropertyModel[]): Together {
  const fates = { unknown: 0, applied: 0, requested: 0, waiting: 0, failed: 0 };
  const values = new Set<Scalar>();
  const applied = new Set<Scalar>();
  let failure: string | null = null;
  for (const { knob, state } of parts) {
    const { desired, reported } = state.value;
    const shown = desired?.value ?? reported?.value;
    if (shown !== undefined && typeof shown !== "object") values.add(shown);
    if (reported !== null && typeof reported.value !== "object") applied.add(reported.value);
    fates[knob.look.value] += 1;
    if (knob.look.value === "failed") failure ??= knob.hand.value.refusal?.message ?? desired?.error?.message ?? null;
  }
  const all =
    parts.length > 0 && parts.every(({ state }) => same(shownIn(state.value), shownIn(parts[0]?.state.value)));
  return {
    common: all ? shownIn(parts[0]?.state.value) : undefined,
    values: [...values],
    applied: [...applied],
    fates,
    failure,
  };
}

function shownIn(state: PropertyState | undefined): Value | undefined {
  return state?.desired?.value ?? state?.reported?.value;
}

/** The state of a room's property as a knob reads it: a wish while all members share one, reported while all agree. */
export function roomState(together: ReadonlySignal<Together>): ReadonlySignal<PropertyState> {
  return computed(() => {
    const { common, applied, fates } = together.value;
    const [only] = applied;
    const reported = common !== undefined && applied.length === 1 && only !== undefined ? { value: only, at: 0 } : null;
    const desired = common === undefined ? null : { value: common, by: "page", at: 0, status: statusOf(fates) };
    return { desired, reported, heldBy: null };
  });
}

function statusOf({ failed, requested, waiting, applied }: Fates): Wish["status"] {
  if (failed > 0) return "failed";
  if (requested > 0) return "sent";
  return waiting > 0 && applied === 0 ? "waiting" : "applied";
}
