/** One recording: what it is, and what can be done with it. */
import type { RecordingView } from "#protocol/recordings.ts";
import { formatCount, formatElapsed, formatMoment } from "../model/format.ts";
import { useAsking } from "../ui/asking.ts";
import { usePage } from "../ui/context.ts";
import { takeFocus } from "./kept-focus.ts";
import { useKnownNow } from "./known-now.ts";
import type { HistoryClient } from "./model/history-client.ts";
import type { PlotView } from "./model/view.ts";
import { NameForm } from "./name-form.tsx";
import { RecordingDetails } from "./recording-details.tsx";
import { dataWords } from "./words.ts";

const say = dataWords.recordings;

interface RowProps {
  readonly recording: RecordingView;
  readonly client: HistoryClient;
  readonly view: PlotView;
  /** It was brought back just now: the keyboard is there. */
  readonly isBack: boolean;
  onRemove(recording: RecordingView): void;
}

export function RecordingRow({ recording, client, view, isBack, onRemove }: RowProps) {
  const { now, live, may, store } = usePage();
  const known = useKnownNow();
  const mayDelete = may("operator");
  const { refusal, ask } = useAsking();
  const { id, name, startedAt, stoppedAt, lengthMs, samples, markers } = recording;
  const toPlots = (): void => document.querySelector(".plots")?.scrollIntoView({ block: "start" });
  const show = (): void => {
    view.show(recording, now.value);
    toPlots();
  };
  return (
    <li class="recording" data-running={stoppedAt === null}>
      <NameForm name={name} onSave={(wished) => ask(client.change(id, { name: wished }))} />
      <p class="figures">
        <time dateTime={new Date(startedAt).toISOString()}>{formatMoment(startedAt, now.value)}</time>
        <span>{formatElapsed(stoppedAt === null ? known.at - startedAt : lengthMs)}</span>
        <span>{dataWords.acquisition.samples(formatCount(samples))}</span>
        <span>{whoAndWhat(recording, (device) => store.devices.value.get(device)?.about.value.name ?? device)}</span>
        {stoppedAt === null && <strong class="running-word">{say.running}</strong>}
      </p>
      <p class="deeds">
        <button type="button" ref={isBack ? takeFocus : null} disabled={!live.value} onClick={show}>
          {say.show}
        </button>
        <button
          type="button"
          disabled={!live.value}
          onClick={() => {
            view.replay(recording);
            toPlots();
          }}
        >
          {say.replay}
        </button>
        <Download id={id} name={name} format="csv" />
        <Download id={id} name={name} format="ndjson" />
        <button
          type="button"
          class="danger"
          disabled={!mayDelete.now.value || stoppedAt === null}
          title={stoppedAt === null ? say.stopFirst : mayDelete.why.value}
          aria-label={say.removeThat(name)}
          onClick={() => onRemove(recording)}
        >
          {say.remove}
        </button>
      </p>
      <p class="result" role="status" data-failed={refusal.value !== null}>
        {refusal.value !== null && say.notSaved(refusal.value)}
      </p>
      <details>
        <summary aria-label={say.details(name)}>
          {say.more} {markers.length > 0 && <small>({markers.length})</small>}
        </summary>
        <RecordingDetails recording={recording} client={client} view={view} />
      </details>
    </li>
  );
}

function Download({ id, name, format }: { id: string; name: string; format: "csv" | "ndjson" }) {
  const label = format === "csv" ? say.csv : say.ndjson;
  const title = say.downloadThat(name, label);
  const shown = (
    <>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 2v8M5 7.500l3 3 3-3M3 13.500h10" />
      </svg>
      {label}
    </>
  );
  return usePage().live.value ? (
    <a class="button" href={`/api/recordings/${id}.${format}`} download aria-label={title}>
      {shown}
    </a>
  ) : (
    <button type="button" disabled aria-label={title}>
      {shown}
    </button>
  );
}

function whoAndWhat({ by, devices }: RecordingView, nameOf: (device: string) => string): string {
  const [kind = "", device] = by.split(" ");
  const who = device === undefined ? say.by(kind) : say.startedByText(nameOf(device));
  return devices === null ? who : `${who}, ${say.devices(devices.map(nameOf).join(", "))}`;
}
