/** The steps of bringing in a device: what it is, what it needs, its program, and whether it has come. Loaded by `late-parts.tsx`. */
import "../styles/adding.css";
import { useEffect, useRef } from "preact/hooks";
import { useParts } from "../ui/context.ts";
import { PairingPanel } from "../ui/pairing-panel.tsx";
import { Arrival } from "./arrival.tsx";
import { Dialling } from "./dialling.tsx";
import { KindChoice } from "./kind-choice.tsx";
import { Needs } from "./needs.tsx";
import { Recipe } from "./recipe.tsx";

export function Steps() {
  const { adding, page } = useParts();
  const kind = adding.kind.value;
  const panel = useRef<HTMLDivElement>(null);
  const show = (): void => panel.current?.scrollIntoView({ block: "start" });
  useEffect(() => {
    if (adding.isPicked.peek()) show();
  }, [adding]);
  return (
    <>
      <div class="steps">
        <KindChoice onPick={show} />
        <div class="step-panel" ref={panel}>
          {kind === "dial" ? (
            <Dialling />
          ) : (
            <>
              <Needs kind={kind} />
              <Recipe key={kind} kind={kind} />
            </>
          )}
        </div>
      </div>
      {page.pairing.isAble.value && <PairingPanel opens />}
      <Arrival />
    </>
  );
}
