/** The room of all devices: a card each, by room and name. */
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { DeviceModel } from "../model/device-model.ts";
import type { RoomGroup } from "../model/order.ts";
import { devicePath } from "../model/router.ts";
import { words } from "../words.ts";
import { KindCards } from "./add-device.tsx";
import { usePage } from "./context.ts";
import { DeviceCard } from "./device-card.tsx";
import { PairingNews } from "./pairing-panel.tsx";
import { RoomWide } from "./room-wide.tsx";

export function DevicesRoom() {
  const { store } = usePage();
  const groups = store.groups.value;
  if (store.hub.value === null) return <p class="loading">{words.loading}</p>;
  if (groups.length === 0) return <NoDevices />;
  return (
    <>
      <h1 class="unseen">{words.devices}</h1>
      <PairingNews />
      <Groups groups={groups} />
    </>
  );
}

/** Rooms share rows: each is as many columns wide as it has devices. */
function Groups({ groups }: { groups: readonly RoomGroup[] }) {
  const { ref, columns } = useColumns();
  const alone = groups.length === 1 && groups[0]?.room === "";
  return (
    <div class="groups" ref={ref}>
      {groups.map((group) => (
        <Group key={group.room} group={group} columns={columns.value} named={!alone} />
      ))}
    </div>
  );
}

interface GroupProps {
  readonly group: RoomGroup;
  readonly columns: number;
  /** Whether the name of the room is worth its place. */
  readonly named: boolean;
}

function Group({ group, columns, named }: GroupProps) {
  const { room, devices, guests } = group;
  return (
    <section
      class="group"
      aria-label={room || words.noRoom}
      style={{ gridColumn: `span ${Math.max(1, Math.min(devices.length, columns))}` }}
    >
      <h2 class={named ? undefined : "unseen"}>
        {room || words.noRoom} <small>{words.deviceCount(devices.length + guests.length)}</small>
        {room !== "" && <a href={`/messages?room=${encodeURIComponent(room)}`}>{words.tellRoom}</a>}
      </h2>
      {room !== "" && <RoomWide group={group} />}
      <ul class="cards">
        {devices.map((device) => (
          <DeviceCard key={device.id} device={device} />
        ))}
      </ul>
      {guests.length > 0 && <Guests guests={guests} />}
    </section>
  );
}

/** Members whose card stands in another room. */
function Guests({ guests }: { guests: readonly DeviceModel[] }) {
  return (
    <p class="guests">
      {words.guests}
      {guests.map((device) => (
        <a key={device.id} href={devicePath(device.id)}>
          {device.about.value.name}
        </a>
      ))}
    </p>
  );
}

/** How many columns the grid has now. */
function useColumns() {
  const ref = useRef<HTMLDivElement>(null);
  const columns = useSignal(1);
  useLayoutEffect(() => {
    const grid = ref.current;
    if (grid === null) return;
    const count = (): void => {
      columns.value = getComputedStyle(grid).getPropertyValue("grid-template-columns").split(" ").length;
    };
    const observer = new ResizeObserver(count);
    observer.observe(grid);
    return () => observer.disconnect();
  }, [columns]);
  return { ref, columns };
}

function NoDevices() {
  return (
    <>
      <PairingNews />
      <section class="empty">
        <h1>{words.empty}</h1>
        <p>{words.emptyHelp}</p>
        <KindCards />
      </section>
    </>
  );
}
