/** All recordings, newest first, and those that were deleted lately. Asked for anew whenever one changes, on any page. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { RecordingView } from "#protocol/recordings.ts";
import { useAsking } from "../ui/asking.ts";
import { usePage } from "../ui/context.ts";
import { words } from "../words.ts";
import { takeFocus } from "./kept-focus.ts";
import type { HistoryClient } from "./model/history-client.ts";
import type { PlotView } from "./model/view.ts";
import { RecordingRow } from "./recording-row.tsx";
import { dataWords } from "./words.ts";

const say = dataWords.recordings;
/** So often while one runs: its length and count grow. */
const REFRESH_MS = 2_000;

interface RecordingsProps {
  readonly client: HistoryClient;
  readonly view: PlotView;
}

export function Recordings({ client, view }: RecordingsProps) {
  const { list, deleted, fault } = useList(client);
  const { refusal, ask } = useAsking();
  const gone = useSignal<RecordingView | null>(null);
  const back = useSignal<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  async function remove(recording: RecordingView): Promise<void> {
    back.value = null;
    if (await ask(client.remove(recording.id))) gone.value = recording;
  }
  async function restore({ id, name }: RecordingView): Promise<void> {
    if (!(await ask(client.restore(id)))) return;
    // Until its row is there again.
    heading.current?.focus();
    gone.value = null;
    back.value = id;
    page.announce(say.restored(name));
  }

  const page = usePage();
  const failed = fault !== null ? say.notLoaded(fault) : refusal.value !== null ? say.notSaved(refusal.value) : null;
  return (
    <section class="panel recordings" aria-label={say.title}>
      <h2 ref={heading} tabIndex={-1}>
        {say.title}
      </h2>
      {gone.value !== null && <Gone key={gone.value.id} recording={gone.value} onUndo={restore} />}
      <p class="result" role="status" data-failed={failed !== null}>
        {failed}
      </p>
      {list?.length === 0 && <p class="hint">{say.none}</p>}
      {list !== null && list.length > 0 && (
        <ol class="recording-list">
          {list.map((recording) => (
            <RecordingRow
              key={recording.id}
              recording={recording}
              client={client}
              view={view}
              isBack={back.value === recording.id}
              onRemove={(one) => void remove(one)}
            />
          ))}
        </ol>
      )}
      {deleted.length > 0 && <Deleted deleted={deleted} onRestore={restore} />}
    </section>
  );
}

type Restore = (recording: RecordingView) => Promise<void>;

function Gone({ recording, onUndo }: { recording: RecordingView; onUndo: Restore }) {
  return (
    <div class="undo">
      <p role="status">{say.removed(recording.name)}</p>
      <button type="button" class="primary" ref={takeFocus} onClick={() => void onUndo(recording)}>
        {words.undo}
      </button>
    </div>
  );
}

function Deleted({ deleted, onRestore }: { deleted: readonly RecordingView[]; onRestore: Restore }) {
  const { now, why } = usePage().may("operator");
  return (
    <details class="deleted">
      <summary>{say.deleted(deleted.length)}</summary>
      <p class="hint">{say.deletedHelp}</p>
      <ul>
        {deleted.map((recording) => (
          <li key={recording.id}>
            <span>{recording.name}</span>
            <button
              type="button"
              aria-label={say.restoreThat(recording.name)}
              disabled={!now.value}
              title={why.value}
              onClick={() => void onRestore(recording)}
            >
              {say.restore}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface Listed {
  /** Null until it is known. */
  readonly list: readonly RecordingView[] | null;
  readonly deleted: readonly RecordingView[];
  readonly fault: string | null;
}

function useList(client: HistoryClient): Listed {
  const { store, live, clock } = usePage();
  const listed = useSignal<Listed>({ list: null, deleted: [], fault: null });
  const { revision, running } = store.acquisition.value;
  const isLive = live.value;
  const isRunning = running.length > 0;
  useEffect(() => {
    let isCurrent = true;
    let cancel = (): void => {};
    async function load(): Promise<void> {
      const next = await Promise.all([client.recordings(), client.deleted()]).then(
        ([list, deleted]) => ({ list, deleted, fault: null }),
        (error: Error) => ({ ...listed.peek(), fault: error.message }),
      );
      if (!isCurrent) return;
      listed.value = next;
      if (isRunning) cancel = clock.after(REFRESH_MS, () => void load());
    }
    if (isLive) void load();
    return () => {
      isCurrent = false;
      cancel();
    };
  }, [client, clock, revision, isRunning, isLive]);
  return listed.value;
}
