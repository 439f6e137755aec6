/** What the device is: one of the kinds, as a group of radio buttons. */
import { joinsWifi, KINDS, type Kind, runsAnywhere } from "../model/kinds.ts";
import { useParts } from "../ui/context.ts";
import { words } from "../words.ts";

const GROUPS = [
  { name: words.adding.groups.board, has: (kind: Kind) => kind === "pi" || joinsWifi(kind) },
  { name: words.adding.groups.program, has: (kind: Kind) => templated(kind) },
  { name: words.adding.groups.other, has: (kind: Kind) => kind === "dial" || kind === "simulated" },
];

function templated(kind: Kind): boolean {
  return runsAnywhere(kind) && kind !== "pi" && kind !== "simulated";
}

/** @param onPick called when one is chosen with a pointer: where the steps stand below, they are gone to; arrow keys stay here */
export function KindChoice({ onPick }: { onPick: () => void }) {
  return (
    <fieldset class="choices">
      <legend class="unseen">{words.adding.what}</legend>
      {GROUPS.map(({ name, has }) => (
        <div key={name} class="choice-group">
          <p aria-hidden="true">{name}</p>
          {KINDS.filter(has).map((kind) => (
            <KindRadio key={kind} kind={kind} onPick={onPick} />
          ))}
        </div>
      ))}
    </fieldset>
  );
}

function KindRadio({ kind, onPick }: { kind: Kind; onPick: () => void }) {
  const { adding } = useParts();
  const { title, help } = words.kinds[kind];
  return (
    <label class="choice">
      <input
        type="radio"
        name="kind"
        value={kind}
        checked={adding.kind.value === kind}
        onChange={() => (adding.kind.value = kind)}
        onClick={(event) => event.detail > 0 && onPick()}
      />
      <span class="title">{title}</span> <span class="help">{help}</span>
    </label>
  );
}
