/** The inspector: everything said, newest at the bottom, filtered, followed or paused; and a line to say something. */
import { useSignal } from "@preact/signals";
import { ALL } from "../model/message-filter.ts";
import { words } from "../words.ts";
import { useParts } from "./context.ts";
import { MessageFilters } from "./message-filters.tsx";
import { MessageList } from "./message-list.tsx";
import { LOBBY } from "./places.ts";
import { SayForm } from "./say-form.tsx";

export function MessagesRoom() {
  const filter = useSignal(ALL);
  const to = chosenIn(useParts().router.query.value);
  return (
    <div class="messages">
      <h1 class="unseen">{words.messages}</h1>
      <MessageFilters filter={filter} />
      <MessageList filter={filter} />
      <SayForm key={to} to={to} />
    </div>
  );
}

/** Whom the address names: `?room=bench` or `?device=lamp`; the lobby without. */
function chosenIn(query: URLSearchParams): string {
  const device = query.get("device");
  return device === null ? `room:${query.get("room") ?? LOBBY}` : `device:${device}`;
}
