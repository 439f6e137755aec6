/** Forgets a device for good, after a moment in which it can be undone. */
import type { DeviceModel } from "../model/device-model.ts";
import { words } from "../words.ts";
import { usePage, useParts } from "./context.ts";
import { resultOf, takeFocus, useUndoable } from "./undoable.ts";

export function RemoveDevice({ device }: { device: DeviceModel }) {
  const removal = useRemoval(device);
  const { now, why } = usePage().may("admin");
  const state = removal.state.value;
  return (
    <section class="panel remove" aria-label={words.removeTitle}>
      <h2>{words.removeTitle}</h2>
      {state.step === "waiting" ? (
        <div class="undo">
          <Countdown say={(left) => words.removing(device.about.value.name, left)} until={state.until} />
          <button type="button" class="primary" ref={takeFocus} onClick={() => removal.cancel()}>
            {words.undo}
          </button>
        </div>
      ) : (
        <div class="undo">
          <p class="hint">{why.value ?? words.removeHelp}</p>
          <button
            type="button"
            class="danger"
            disabled={!now.value || state.step === "sent"}
            title={why.value}
            onClick={() => removal.begin()}
          >
            {words.remove}
          </button>
        </div>
      )}
      <p class="result" role="status" data-failed={state.step === "none"}>
        {resultOf(state)}
      </p>
    </section>
  );
}

function useRemoval(device: DeviceModel) {
  const { page, router } = useParts();
  return useUndoable({
    what: device,
    send: () => page.link.remove(device.id),
    done() {
      page.announce(words.removed(device.about.peek().name));
      router.go("/");
    },
  });
}

/** @param until this machine's clock, ms @param say with the seconds that are left */
export function Countdown({ say, until }: { say: (seconds: number) => string; until: number }) {
  const page = usePage();
  // Each second draws it anew; the time itself is the clock's, which that second may be behind.
  void page.now.value;
  const left = until - page.clock.now();
  return <p role="timer">{say(Math.max(0, Math.ceil(left / 1000)))}</p>;
}
