/** Says something to one device or to a room. */
import { useSignal } from "@preact/signals";
import { words } from "../words.ts";
import { usePage } from "./context.ts";
import { usePlaces } from "./places.ts";

/** @param to whom it says it at first: `room:NAME` or `device:ID` */
export function SayForm({ to: first }: { to: string }) {
  const { rooms, devices } = usePlaces();
  const to = useSignal(first);
  const text = useSignal("");
  const { result, say } = useSay();
  const { now, why } = usePage().may("operator");

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (text.value !== "" && now.value && (await say(to.value, text.value))) text.value = "";
  }

  return (
    <form class="say" aria-label={words.say} onSubmit={(event) => void submit(event)}>
      <label>
        <span>{words.sayTo}</span>
        <select value={to.value} onChange={(event) => (to.value = event.currentTarget.value)}>
          <optgroup label={words.sayRooms}>
            {rooms.map((room) => (
              <option key={room} value={`room:${room}`}>
                {room}
              </option>
            ))}
          </optgroup>
          {devices.length > 0 && (
            <optgroup label={words.sayDevices}>
              {devices.map(({ id, name }) => (
                <option key={id} value={`device:${id}`}>
                  {name}
                </option>
              ))}
            </optgroup>
          )}
        </select>
      </label>
      <label class="text">
        <span>{words.sayText}</span>
        <input
          type="text"
          autocomplete="off"
          placeholder={words.sayPlaceholder}
          value={text.value}
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary" disabled={!now.value}>
        {words.send}
      </button>
      <p class="result" role="status" data-failed={why.value === undefined && result.value?.failed}>
        {why.value ?? result.value?.text}
      </p>
    </form>
  );
}

function useSay() {
  const { link } = usePage();
  const result = useSignal<{ text: string; failed: boolean } | null>(null);

  /** @returns whether it was sent */
  async function say(to: string, text: string): Promise<boolean> {
    const [kind, name = ""] = to.split(/:(.*)/s);
    const target = kind === "device" ? { device: name } : { room: name };
    const answer = await link.say(target, text).catch(() => ({ error: { message: words.noAnswer } }));
    const failed = "error" in answer;
    result.value = { text: failed ? words.notSent(answer.error.message) : words.delivered(answer.delivered), failed };
    return !failed;
  }

  return { result, say };
}
