/** The rooms a device is in: taken out by its chip, put in by name. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { DeviceModel } from "../model/device-model.ts";
import { words } from "../words.ts";
import { useAsking } from "./asking.ts";
import { usePage } from "./context.ts";
import { usePlaces } from "./places.ts";

const MAX_ROOM = 64;

export function Membership({ device }: { device: DeviceModel }) {
  const { link, may } = usePage();
  const { now, why } = may("operator");
  const { rooms } = device.about.value;
  const { refusal, busy, ask } = useAsking();
  const change = (room: string, member: boolean): Promise<boolean> => ask(link.join(device.id, room, member));
  return (
    <>
      {rooms.length === 0 ? (
        <p class="hint">{words.inNoRoom}</p>
      ) : (
        <ul class="room-chips">
          {rooms.map((room) => (
            <li key={room} class="room-chip">
              <span>{room}</span>
              <button
                type="button"
                aria-label={words.leaveRoom(room)}
                title={why.value ?? words.leaveRoom(room)}
                disabled={!now.value || busy.value}
                onClick={() => void change(room, false)}
              >
                <svg viewBox="0 0 16 16" aria-hidden="true">
                  <path d="M4.500 4.500l7 7M11.500 4.500l-7 7" />
                </svg>
              </button>
            </li>
          ))}
        </ul>
      )}
      <JoinForm taken={rooms} unable={!now.value || busy.value} why={why.value} onJoin={(room) => change(room, true)} />
      <p class="result" role="status" data-failed={refusal.value !== null}>
        {refusal.value !== null && words.notChanged(refusal.value)}
      </p>
    </>
  );
}

interface JoinProps {
  readonly taken: readonly string[];
  readonly unable: boolean;
  readonly why: string | undefined;
  onJoin(room: string): Promise<boolean>;
}

function JoinForm({ taken, unable, why, onJoin }: JoinProps) {
  const id = useId();
  const room = useSignal("");
  const known = usePlaces().rooms.filter((one) => !taken.includes(one));

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const wished = room.value.trim();
    if (wished !== "" && !unable && (await onJoin(wished))) room.value = "";
  }

  return (
    <form class="join" onSubmit={(event) => void submit(event)}>
      <input
        type="text"
        list={id}
        autocomplete="off"
        aria-label={words.addRoom}
        placeholder={words.roomPlaceholder}
        maxLength={MAX_ROOM}
        value={room.value}
        onInput={(event) => (room.value = event.currentTarget.value)}
      />
      <datalist id={id}>
        {known.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <button type="submit" disabled={unable} title={why}>
        {words.join}
      </button>
    </form>
  );
}
