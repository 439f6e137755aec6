/** The record button: starts and stops for everyone at once, says what is sampled, and marks moments. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { RecordingView } from "#protocol/recordings.ts";
import { formatCount, formatDuration, formatElapsed } from "../model/format.ts";
import { useAsking } from "../ui/asking.ts";
import { usePage } from "../ui/context.ts";
import { useCounts } from "./counts.ts";
import { takeFocus, useKeptFocus } from "./kept-focus.ts";
import { useKnownNow } from "./known-now.ts";
import { MarkForm } from "./mark-form.tsx";
import { StartForm } from "./start-form.tsx";
import { dataWords } from "./words.ts";

const say = dataWords.acquisition;

export function AcquisitionPanel() {
  const { running } = usePage().store.acquisition.value;
  const panel = useRef<HTMLElement>(null);
  useKeptFocus(panel, ".big");
  return (
    <section ref={panel} class="panel acquisition" aria-label={say.title} data-running={running.length > 0}>
      {running.length === 0 ? <StartForm /> : <Running running={running} />}
    </section>
  );
}

function Running({ running }: { running: readonly RecordingView[] }) {
  const { link, may } = usePage();
  const { now, why } = may("operator");
  const counts = useCounts();
  const isMore = useSignal(false);
  const wasMore = useRef(false);
  const { busy, refusal, ask } = useAsking();
  const stop = (id?: string): void => {
    if (!busy.value) void ask(link.stopRecording(id));
  };
  const close = (): void => {
    wasMore.current = true;
    isMore.value = false;
  };
  return (
    <>
      <div class="running">
        <ul>
          {running.map((recording) => (
            <li key={recording.id}>
              <One recording={recording} samples={counts.get(recording.id) ?? recording.samples} />
              {running.length > 1 && (
                <button
                  type="button"
                  disabled={!now.value}
                  title={why.value}
                  aria-label={say.stopThat(recording.name)}
                  onClick={() => stop(recording.id)}
                >
                  {say.stop}
                </button>
              )}
            </li>
          ))}
        </ul>
        <button type="button" class="big stop" disabled={!now.value} title={why.value} onClick={() => stop()}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <rect x="3" y="3" width="10" height="10" rx="1.5" />
          </svg>
          {running.length > 1 ? say.stopAll(running.length) : say.stop}
        </button>
      </div>
      <p class="result" role="status" data-failed={refusal.value !== null}>
        {refusal.value !== null ? say.notStopped(refusal.value) : busy.value && say.stopping}
      </p>
      <MarkForm running={running} />
      {isMore.value ? (
        <StartForm onStarted={close} />
      ) : (
        <button
          type="button"
          class="quiet beside"
          ref={wasMore.current ? takeFocus : null}
          disabled={!now.value}
          title={why.value}
          onClick={() => (isMore.value = true)}
        >
          {say.another}
        </button>
      )}
    </>
  );
}

function One({ recording, samples }: { recording: RecordingView; samples: number }) {
  const { name, startedAt, devices, intervalMs } = recording;
  const page = usePage();
  const { at, ageMs } = useKnownNow();
  const nameOf = (id: string): string => page.store.devices.value.get(id)?.about.value.name ?? id;
  return (
    <div class="one-running" data-live={page.live.value}>
      <p class="live-mark">
        <span class="dot" aria-hidden="true" />
        {say.running}
        <strong>{name}</strong>
      </p>
      <p class="figures">
        <span class="elapsed" role="timer">
          {formatElapsed(at - startedAt)}
        </span>
        {!page.live.value && <span class="age">{say.asOf(formatDuration(ageMs))}</span>}
        <span>{say.samples(formatCount(samples))}</span>
        <span>{devices === null ? say.allDevices : say.devices(devices.map(nameOf).join(", "))}</span>
        {intervalMs !== null && <span>{say.every(String(intervalMs))}</span>}
      </p>
    </div>
  );
}
