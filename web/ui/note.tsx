/** The line under a control: what became of the last wish, in words; and whose hand is on it. */
import type { ReadonlySignal } from "@preact/signals";
import type { Link } from "#protocol/views.ts";
import type { PropertyModel } from "../model/device-model.ts";
import { formatDuration } from "../model/format.ts";
import { words } from "../words.ts";
import { usePage } from "./context.ts";

/** The id of a property's note, for `aria-describedby`. */
export function noteId(property: PropertyModel): string {
  return `note-${property.device}-${property.name.replaceAll(" ", "+")}`;
}

export function Note({ property, link }: { property: PropertyModel; link: ReadonlySignal<Link> }) {
  const page = usePage();
  const look = property.knob.look.value;
  const why = page.may("operator").why.value;
  const { heldBy } = property.state.value;
  const held = page.live.value && heldBy !== null && heldBy !== page.link.pageId.value;
  const offline = link.value.presence === "offline";
  return (
    <p class="note" id={noteId(property)} data-look={look}>
      {why !== undefined && <span class="not-live">{why}</span>}
      {held && <span class="held">{words.held}</span>}
      <NoteText property={property} offline={offline} />
    </p>
  );
}

function NoteText({ property, offline }: { property: PropertyModel; offline: boolean }) {
  const { desired, reported } = property.state.value;
  switch (property.knob.look.value) {
    case "failed": {
      const error = property.knob.hand.value.refusal ?? desired?.error;
      return <span role="status">{words.failed(error?.message ?? words.noAnswer)}</span>;
    }
    case "waiting":
      return <span>{words.waiting}</span>;
    case "requested":
      return <span>{offline ? words.waiting : words.requested}</span>;
    case "unknown":
      return <span>{words.noValue}</span>;
    case "applied":
      return <Applied at={reported?.at ?? desired?.at ?? 0} asked={desired !== null && desired.by !== "device"} />;
    default:
      return null;
  }
}

/** @param asked whether somebody wished for it; else it is only what the device said */
function Applied({ at, asked }: { at: number; asked: boolean }) {
  const age = usePage().now.value - at;
  const [now, ago] = asked ? [words.appliedNow, words.applied] : [words.reportedNow, words.reported];
  return <span>{age < 1500 ? now : ago(formatDuration(age))}</span>;
}
