/** The inspector: everything said, newest at the bottom, filtered, followed or paused; and a line to say something. */
import { useSignal } from "@preact/signals";
import { ALL } from "../model/message-filter.ts";
import { words } from "../words.ts";
import { MessageFilters } from "./message-filters.tsx";
import { MessageList } from "./message-list.tsx";
import { SayForm } from "./say-form.tsx";

export function MessagesRoom() {
  const filter = useSignal(ALL);
  return (
    <div class="messages">
      <h1 class="unseen">{words.messages}</h1>
      <MessageFilters filter={filter} />
      <MessageList filter={filter} />
      <SayForm />
    </div>
  );
}
