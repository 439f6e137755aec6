/** The way to bring in a device: a dialog, and in the room that is still empty the choices that open it. */
import { useEffect, useRef } from "preact/hooks";
import { KINDS } from "../model/kinds.ts";
import { words } from "../words.ts";
import { useParts } from "./context.ts";

export function KindCards() {
  const { adding } = useParts();
  return (
    <ul class="kind-cards">
      {KINDS.map((kind) => (
        <li key={kind}>
          <button type="button" onClick={() => adding.open(kind)}>
            <strong>{words.kinds[kind].title}</strong>
            <span>{words.kinds[kind].help}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

export function AddDialog() {
  const { adding, page, late } = useParts();
  const ref = useRef<HTMLDialogElement>(null);
  const shown = adding.isOpen.value;
  useEffect(() => {
    if (shown) ref.current?.showModal();
    else ref.current?.close();
  }, [shown]);
  return (
    <dialog ref={ref} class="dialog add-dialog" aria-labelledby="add-title" onClose={() => adding.close()}>
      {shown && (
        <>
          <header>
            <h2 id="add-title">{words.add}</h2>
            <button type="button" class="quiet" onClick={() => adding.close()}>
              {words.close}
            </button>
          </header>
          <late.AddingSteps />
          {/* The page's own live region cannot be heard from behind a dialog. */}
          <p class="unseen" role="status">
            {page.announcement}
          </p>
        </>
      )}
    </dialog>
  );
}
