/** Device, room, kinds and text that the list is narrowed to. */
import type { Signal } from "@preact/signals";
import type { Said } from "#protocol/dashboard-events.ts";
import { KINDS, type MessageFilter } from "../model/message-filter.ts";
import { words } from "../words.ts";
import { usePlaces } from "./places.ts";

export function MessageFilters({ filter }: { filter: Signal<MessageFilter> }) {
  const { devices, rooms } = usePlaces();
  const { device, room, text, hidden } = filter.value;
  const change = (part: Partial<MessageFilter>): void => {
    filter.value = { ...filter.value, ...part };
  };
  return (
    <search class="filters" aria-label={words.filters}>
      <label>
        <span>{words.filterDevice}</span>
        <select value={device} onChange={(event) => change({ device: event.currentTarget.value })}>
          <option value="">{words.all}</option>
          {devices.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{words.filterRoom}</span>
        <select value={room} onChange={(event) => change({ room: event.currentTarget.value })}>
          <option value="">{words.all}</option>
          {rooms.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label class="text">
        <span>{words.filterText}</span>
        <input type="search" value={text} onInput={(event) => change({ text: event.currentTarget.value })} />
      </label>
      <Kinds hidden={hidden} onChange={(changed) => change({ hidden: changed })} />
    </search>
  );
}

interface KindsProps {
  readonly hidden: ReadonlySet<Said["kind"]>;
  onChange(hidden: ReadonlySet<Said["kind"]>): void;
}

function Kinds({ hidden, onChange }: KindsProps) {
  return (
    <fieldset class="kinds">
      <legend class="unseen">{words.filterKinds}</legend>
      {KINDS.map((kind) => (
        <label key={kind} class="kind" data-kind={kind}>
          <input
            type="checkbox"
            checked={!hidden.has(kind)}
            onChange={(event) => {
              const changed = new Set(hidden);
              if (event.currentTarget.checked) changed.delete(kind);
              else changed.add(kind);
              onChange(changed);
            }}
          />
          {words.kind(kind)}
        </label>
      ))}
    </fieldset>
  );
}
