/** One device: is it alive, what is it doing, can I change it. */
import { useRef } from "preact/hooks";
import type { DeviceModel } from "../model/device-model.ts";
import { devicePath } from "../model/router.ts";
import { words } from "../words.ts";
import { Actions } from "./actions.tsx";
import { BeatStrip } from "./beat-strip.tsx";
import { Control } from "./control.tsx";
import { LastSeen, PresenceMark } from "./presence.tsx";
import { type Seen, useSeen } from "./seen.ts";
import { Vitals } from "./vitals.tsx";

export function DeviceCard({ device }: { device: DeviceModel }) {
  const ref = useRef<HTMLLIElement>(null);
  const seen = useSeen(ref);
  const { name, rooms } = device.about.value;
  const presence = device.link.value.presence;
  return (
    <li ref={ref} class="card" data-presence={presence} data-device={device.id}>
      <article aria-label={name}>
        <header>
          <h3>
            <a href={devicePath(device.id)}>{name}</a>
          </h3>
          <PresenceMark device={device} />
          <p class="what">
            {name !== device.id && <code>{device.id}</code>}
            <Model device={device} />
            {rooms.slice(1).map((room) => (
              <span key={room} class="chip">
                {room}
              </span>
            ))}
          </p>
          <LastSeen device={device} />
        </header>
        <BeatStrip device={device} seen={seen} />
        <Properties device={device} seen={seen} />
        <Actions device={device} />
        <Vitals device={device} />
      </article>
    </li>
  );
}

export function Model({ device }: { device: DeviceModel }) {
  const { model, software } = device.about.value;
  const { door, address } = device.link.value;
  const title = [software, `${words.via} ${door}`, address].filter(Boolean).join(" · ");
  return <span title={title}>{model ?? `${words.via} ${door}`}</span>;
}

export function Properties({ device, seen }: { device: DeviceModel; seen: Seen }) {
  const names = device.names.value;
  const declared = device.about.value.properties;
  if (names.length === 0) return null;
  return (
    <div class="properties">
      {names.map((name) => (
        <Control key={name} property={device.property(name)} declared={declared[name]} link={device.link} seen={seen} />
      ))}
    </div>
  );
}
