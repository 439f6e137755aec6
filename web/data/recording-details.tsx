/** Notes and markers of one recording. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { MarkerView, RecordingView } from "#protocol/recordings.ts";
import { formatTime } from "../model/format.ts";
import { useAsking } from "../ui/asking.ts";
import { usePage } from "../ui/context.ts";
import { words } from "../words.ts";
import { useKeptFocus } from "./kept-focus.ts";
import type { HistoryClient } from "./model/history-client.ts";
import type { PlotView } from "./model/view.ts";
import { dataWords } from "./words.ts";

const say = dataWords.recordings;
const MAX_NOTES = 10_000;
/** What is shown around a marker, to each side, ms. */
const AROUND_MS = 5_000;

interface DetailsProps {
  readonly recording: RecordingView;
  readonly client: HistoryClient;
  readonly view: PlotView;
}

export function RecordingDetails(props: DetailsProps) {
  const { markers } = props.recording;
  const list = useRef<HTMLDivElement>(null);
  useKeptFocus(list, "h4");
  return (
    <div class="details">
      <Notes {...props} />
      <div ref={list}>
        <h4 tabIndex={-1}>{say.markers}</h4>
        {markers.length === 0 && <p class="hint">{say.noMarkers}</p>}
        <ol class="marker-list">
          {markers.map((marker) => (
            <MarkerRow key={marker.id} marker={marker} {...props} />
          ))}
        </ol>
      </div>
    </div>
  );
}

function Notes({ recording: { id, notes }, client }: DetailsProps) {
  const draft = useSignal<string | null>(null);
  const saved = useSignal(false);
  const { now, why, isGiven } = usePage().may("operator");
  const { busy, refusal, ask } = useAsking();

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    if (draft.value === null) return;
    saved.value = await ask(client.change(id, { notes: draft.value }));
    if (saved.value) draft.value = null;
  }

  return (
    <form class="notes" onSubmit={(event) => void save(event)}>
      <label>
        <span>{say.notes}</span>
        <textarea
          rows={4}
          maxLength={MAX_NOTES}
          placeholder={say.notesPlaceholder}
          value={draft.value ?? notes}
          readOnly={!isGiven.value}
          onInput={(event) => {
            draft.value = event.currentTarget.value;
            saved.value = false;
          }}
        />
      </label>
      <button type="submit" disabled={draft.value === null || busy.value || !now.value} title={why.value}>
        {say.save}
      </button>
      <p class="result" role="status" data-failed={refusal.value !== null}>
        {refusal.value !== null ? say.notSaved(refusal.value) : saved.value && say.saved}
      </p>
    </form>
  );
}

function MarkerRow({ marker: { id, at, text, by }, recording, client, view }: DetailsProps & { marker: MarkerView }) {
  const { now, why } = usePage().may("operator");
  const { busy, refusal, ask } = useAsking();

  function show(): void {
    view.show(recording, at + AROUND_MS);
    view.zoom(at - AROUND_MS, at + AROUND_MS);
    document.querySelector(".plots")?.scrollIntoView({ block: "start" });
  }

  return (
    <li>
      <button type="button" class="quiet" title={say.showMarker(text)} onClick={show}>
        {formatTime(at)}
      </button>
      <span>
        {text} <small>{words.author(by)}</small>
      </span>
      <button
        type="button"
        class="quiet"
        aria-label={say.unmark(text)}
        disabled={!now.value || busy.value}
        title={why.value}
        onClick={() => void ask(client.unmark(recording.id, id))}
      >
        ×
      </button>
      {refusal.value !== null && (
        <p class="result" role="status" data-failed>
          {say.notSaved(refusal.value)}
        </p>
      )}
    </li>
  );
}
