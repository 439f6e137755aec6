/** Rooms of the page by their address: links work, back works, nothing reloads. */
import { type ReadonlySignal, signal } from "@preact/signals";

export interface Router {
  readonly path: ReadonlySignal<string>;
  go(path: string): void;
}

/** Listens for as long as the page lives. Plain clicks on links inside the page change the room without loading. */
export function createRouter(): Router {
  const path = signal(location.pathname);

  function go(to: string): void {
    if (to !== path.peek()) {
      history.pushState(null, "", to);
      path.value = to;
    }
    window.scrollTo(0, 0);
  }

  window.addEventListener("popstate", () => {
    path.value = location.pathname;
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (link === null || !plain || link.target !== "" || link.origin !== location.origin || link.hash !== "") return;
    event.preventDefault();
    go(link.pathname);
  });
  return { path, go };
}
