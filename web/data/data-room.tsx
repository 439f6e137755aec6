/** The data room: start and stop, live plots, recordings. Loaded when it is first shown, by `late-parts.tsx`. */
import "../styles/data.css";
import "../styles/plots.css";
import "../styles/recordings.css";
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { usePage, useParts } from "../ui/context.ts";
import { words } from "../words.ts";
import { AcquisitionPanel } from "./acquisition-panel.tsx";
import { createBoard } from "./model/board.ts";
import { catalogOf, choosePlots, type PlotSpec } from "./model/catalog.ts";
import { createHistoryClient, type HistoryClient } from "./model/history-client.ts";
import { createPlotView, recordingOf } from "./model/view.ts";
import { type Gone, ViewAddress } from "./model/view-address.ts";
import { standIn, viewOf, wishedIn } from "./model/wished.ts";
import { Plots } from "./plots.tsx";
import { useRecordedPlots } from "./recorded-plots.ts";
import { Recordings } from "./recordings.tsx";
import { dataWords } from "./words.ts";

export function DataRoom() {
  const { page, router } = useParts();
  const client = useMemo(() => createHistoryClient(page.rest), [page]);
  const { view, address } = useView(client);
  const live = useLiveCatalog();
  const recorded = useRecordedPlots(recordingOf(view.view.value), live, client);
  const catalog = recorded ?? live;
  const specs = useSteady(choosePlots(catalog, wishedIn(router.query.value)));
  const board = useMemo(
    () =>
      createBoard({
        open: page.link.openPlots,
        now: () => page.clock.now() + page.store.clockOffset.peek(),
        monotonic: () => performance.now(),
        ask: client.history,
        series: client.series,
      }),
    [page, client],
  );
  const shown = view.view.value;
  const isFinding = address.isFinding.value;
  useEffect(() => {
    // A recording is shown when it is known what is in it.
    if (!isFinding && (recordingOf(shown) === null || recorded !== null)) board.show(specs, shown);
  }, [board, specs, shown, recorded !== null, isFinding]);
  useEffect(() => () => board.close(), [board]);

  return (
    <div class="data">
      <h1 class="unseen">{words.data}</h1>
      <AcquisitionPanel />
      <Plots catalog={catalog} specs={specs} view={view} board={board} notice={sentenceOf(address.notice.value)} />
      <Recordings client={client} view={view} />
    </div>
  );
}

/** What is shown: it begins with what the address asks for, and stands in it from then on. */
function useView(client: HistoryClient) {
  const { page, router } = useParts();
  const revision = useComputed(() => page.store.acquisition.value.revision);
  const made = useMemo(() => {
    const now = (): number => page.clock.now() + page.store.clockOffset.peek();
    const stand = standIn(router.query.peek());
    const view = createPlotView(
      stand.recording === null && stand.stretch !== null ? viewOf(stand, null, 0) : undefined,
    );
    const address = new ViewAddress({ router, view, revision, recordings: client.recordings, now });
    return { view, address };
  }, [page, router, client, revision]);
  useEffect(() => made.address.start(), [made]);
  return made;
}

function sentenceOf(gone: Gone | null): string | null {
  if (gone === null) return null;
  return gone.name === null ? dataWords.plots.recordingGone : dataWords.plots.deleted(gone.name);
}

/** What there is to plot now, device by device as the devices room shows them. */
function useLiveCatalog(): readonly PlotSpec[] {
  const { store } = usePage();
  const text = useComputed(() => {
    const devices = store.groups.value.flatMap((group) => group.devices);
    return JSON.stringify(catalogOf([...new Set(devices)]));
  }).value;
  return useMemo(() => JSON.parse(text) as readonly PlotSpec[], [text]);
}

/** The same list as before as long as it says the same: plots are made anew for another one. */
function useSteady(specs: readonly PlotSpec[]): readonly PlotSpec[] {
  const kept = useSignal(specs);
  if (JSON.stringify(kept.peek()) !== JSON.stringify(specs)) kept.value = specs;
  return kept.peek();
}
