/** Whom the hub calls, how that goes and why not; taken out with a time to think. */
import type { DialView } from "#protocol/dials.ts";
import { formatDuration } from "../model/format.ts";
import { devicePath } from "../model/router.ts";
import { usePage, useParts } from "../ui/context.ts";
import { Countdown } from "../ui/remove-device.tsx";
import { resultOf, takeFocus, useUndoable } from "../ui/undoable.ts";
import { words } from "../words.ts";

export function DialList() {
  const dials = usePage().store.dials.value;
  if (dials.length === 0) return null;
  return (
    <section class="dials" aria-label={words.dials.title}>
      <h3>{words.dials.title}</h3>
      <ul>
        {dials.map((dial) => (
          <Dial key={dial.id} dial={dial} />
        ))}
      </ul>
    </section>
  );
}

function Dial({ dial }: { dial: DialView }) {
  const { adding } = useParts();
  return (
    <li class="dial" data-state={dial.state}>
      <div class="dial-what">
        <a href={devicePath(dial.id)} onClick={() => adding.close()}>
          {dial.id}
        </a>
        <code>{dial.url}</code>
        <DialState dial={dial} />
      </div>
      {dial.isFixed ? <p class="help">{words.dials.fixed}</p> : <StopCalling dial={dial} />}
    </li>
  );
}

function DialState({ dial }: { dial: DialView }) {
  const now = usePage().now.value;
  const { state, retryAt, fault } = dial;
  const next = retryAt === null ? "" : ` ${words.dials.next(formatDuration(retryAt - now))}`;
  return (
    <p class="dial-state">
      <strong>{words.dials.states[state]}</strong>
      {state === "waiting" && next} {fault !== null && <span class="error">{fault}</span>}
    </p>
  );
}

function StopCalling({ dial }: { dial: DialView }) {
  const page = usePage();
  const removal = useUndoable({
    what: dial.id,
    send: () => page.link.undial(dial.id),
    done: () => page.announce(words.dials.stopped(dial.id)),
  });
  const may = page.may("admin");
  const state = removal.state.value;
  return (
    <>
      {state.step === "waiting" ? (
        <div class="dial-undo">
          <Countdown say={(left) => words.removing(dial.id, left)} until={state.until} />
          <button type="button" class="primary" ref={takeFocus} onClick={() => removal.cancel()}>
            {words.undo}
          </button>
        </div>
      ) : (
        <button
          type="button"
          class="danger"
          aria-label={words.dials.removeThat(dial.id)}
          disabled={!may.now.value || state.step === "sent"}
          title={may.why.value}
          onClick={() => removal.begin()}
        >
          {words.remove}
        </button>
      )}
      <p class="result" role="status" data-failed={state.step === "none"}>
        {resultOf(state)}
      </p>
    </>
  );
}
