/** A part of the page that is loaded when it is first shown, and says so when it cannot be. */
import { useSignal } from "@preact/signals";
import type { ComponentType, FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import { words } from "../words.ts";

/** @param load called when the part is shown; a hub that was updated meanwhile no longer has what this page asks for */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): FunctionComponent<P> {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const state = useSignal<"loading" | "loaded" | "failed">(loaded === null ? "loading" : "loaded");
    useEffect(() => {
      if (loaded !== null) return;
      load().then(
        (part) => {
          loaded = part;
          state.value = "loaded";
        },
        () => (state.value = "failed"),
      );
    }, [state]);
    if (state.value === "failed") return <NotLoaded />;
    const Part = loaded;
    return Part === null ? <p class="loading">{words.adding.loading}</p> : <Part {...props} />;
  };
}

export function NotLoaded() {
  return (
    <div class="not-loaded" role="alert">
      <p>{words.adding.notLoaded}</p>
      <button type="button" onClick={() => location.reload()}>
        {words.adding.reload}
      </button>
    </div>
  );
}
