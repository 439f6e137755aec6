/** The way to bring in a device: a dialog, and in the room that is still empty the choices that open it. */
import { KINDS } from "../model/kinds.ts";
import { words } from "../words.ts";
import { useParts } from "./context.ts";
import { Dialog } from "./dialog.tsx";

export function KindCards() {
  const { adding, page } = useParts();
  const { isGiven } = page.may("admin");
  return (
    <ul class="kind-cards">
      {KINDS.map((kind) => (
        <li key={kind}>
          <button type="button" disabled={!isGiven.value} onClick={() => adding.open(kind)}>
            <strong>{words.kinds[kind].title}</strong>
            <span>{words.kinds[kind].help}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

export function AddDialog() {
  const { adding, late } = useParts();
  return (
    <Dialog title={words.add} kind="add-dialog" isOpen={adding.isOpen.value} onClose={() => adding.close()}>
      <late.AddingSteps />
    </Dialog>
  );
}
