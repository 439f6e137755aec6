/** Controls that set all members of a room as one, honest about where they differ. */
import { computed, effect, type ReadonlySignal, untracked } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { DeviceModel } from "../model/device-model.ts";
import { formatName } from "../model/format.ts";
import type { Knob } from "../model/knob.ts";
import type { RoomGroup } from "../model/order.ts";
import { createPart } from "../model/part.ts";
import { roomState, type SharedProperty, sharedProperties, type Together, togetherOf } from "../model/room-property.ts";
import { createTrends } from "../model/trend.ts";
import { words } from "../words.ts";
import { usePage } from "./context.ts";
import { Choice } from "./fields.tsx";
import { noteId } from "./note.tsx";
import { Slider } from "./slider.tsx";
import { Switch } from "./switch.tsx";

export function RoomWide({ group }: { group: RoomGroup }) {
  const { room, devices, guests } = group;
  const shared = sharedProperties([...devices, ...guests]);
  if (shared.length === 0) return null;
  return (
    <section class="room-wide" aria-label={words.wholeRoom(room)}>
      <h3>{words.wholeRoom(room)}</h3>
      <div class="properties">
        {shared.map((one) => (
          <RoomControl key={`${one.name} ${one.declared.type}`} room={room} shared={one} />
        ))}
      </div>
    </section>
  );
}

function RoomControl({ room, shared }: { room: string; shared: SharedProperty }) {
  const { name, declared, members } = shared;
  const { knob, together, property } = useRoomProperty(room, name, members);
  const part = useMemo(() => createPart(property, declared), [property, declared]);
  const { values, applied } = together.value;
  const mixed = knob.shown.value === undefined && values.length > 0;
  const label = declared.title ?? formatName(name);
  return (
    <div class="property" data-room-property={name}>
      {declared.enum !== undefined ? (
        <Choice part={part} label={label} options={declared.enum} nothing={mixed ? words.mixed : words.none} />
      ) : declared.type === "boolean" ? (
        <Switch part={part} label={label} mixed={mixed} />
      ) : (
        <Slider
          part={part}
          label={label}
          spread={{ values: values.filter(isNumber), applied: applied.filter(isNumber) }}
        />
      )}
      <RoomNote id={noteId(property)} knob={knob} together={together} count={members.length} />
    </div>
  );
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

/** The knob of a room's property, made anew when other members have it. */
function useRoomProperty(room: string, name: string, members: readonly DeviceModel[]) {
  const page = usePage();
  const key = members.map(({ id }) => id).join();
  const made = useMemo(() => {
    const parts = members.map((device) => device.property(name));
    const together = computed(() => togetherOf(parts));
    const state = roomState(together);
    const knob = page.roomKnob(room, name, state);
    // An id that no device has: `:` is not among its characters.
    return { together, knob, property: { device: `room:${room}`, name, state, trends: createTrends(), knob } };
  }, [page, room, name, key]);
  useEffect(() => {
    const { knob, property } = made;
    // Members may tell of other things meanwhile: only the wish itself, on all of them, is the hub's word about it.
    const stopHearing = effect(() => {
      const { desired } = property.state.value;
      if (desired !== null && desired.value === knob.hand.peek().own) untracked(() => knob.told());
    });
    const stopReopening = effect(() => {
      if (page.live.value) untracked(() => knob.reopened());
    });
    return () => {
      stopHearing();
      stopReopening();
    };
  }, [made, page]);
  return made;
}

interface RoomNoteProps {
  readonly id: string;
  readonly knob: Knob;
  readonly together: ReadonlySignal<Together>;
  readonly count: number;
}

function RoomNote({ id, knob, together, count }: RoomNoteProps) {
  const why = usePage().may("operator").why.value;
  const { fates, failure, values } = together.value;
  const { refusal } = knob.hand.value;
  const said = [
    values.length > 1 && knob.shown.value === undefined && words.togetherDiffer,
    fates.requested > 0 && words.togetherAsked(fates.requested),
    fates.waiting > 0 && words.togetherWaiting(fates.waiting),
    fates.unknown > 0 && fates.unknown < count && words.togetherUnknown(fates.unknown),
    fates.applied === count ? words.togetherAll(count) : fates.applied > 0 && words.togetherSome(fates.applied, count),
  ].filter((part) => part !== false);
  return (
    <p class="note" id={id} data-look={refusal !== null || fates.failed > 0 ? "failed" : undefined}>
      {why !== undefined && <span class="not-live">{why}</span>}
      {refusal !== null && <span role="status">{words.failed(refusal.message)}</span>}
      {fates.failed > 0 && (
        <span role="status">{words.togetherFailed(fates.failed, count, failure ?? words.noAnswer)}</span>
      )}
      <span>{said.join(" · ")}</span>
    </p>
  );
}
