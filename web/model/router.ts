/** Rooms of the page by their address: links work, back works, nothing reloads. */
import { type ReadonlySignal, signal } from "@preact/signals";

export interface Router {
  readonly path: ReadonlySignal<string>;
  /** What the address asks of its room: `?room=bench`. */
  readonly query: ReadonlySignal<URLSearchParams>;
  /** @param to path with its query: `/messages?room=bench` */
  go(to: string): void;
}

/** Listens for as long as the page lives. Plain clicks on links inside the page change the room without loading. */
export function createRouter(): Router {
  const path = signal(location.pathname);
  const query = signal(new URLSearchParams(location.search));

  function read(): void {
    query.value = new URLSearchParams(location.search);
    path.value = location.pathname;
  }

  function go(to: string): void {
    if (to !== location.pathname + location.search) {
      history.replaceState({ scrolled: window.scrollY }, "");
      history.pushState(null, "", to);
      read();
    }
    window.scrollTo(0, 0);
  }

  window.addEventListener("popstate", (event) => {
    const left = path.peek();
    read();
    const scrolled = scrolledIn(event.state);
    // The room is drawn first: before that there may be nothing to scroll to.
    requestAnimationFrame(() => requestAnimationFrame(() => settle(scrolled, left)));
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link?.hasAttribute("download")) return;
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (link === null || !plain || link.target !== "" || link.origin !== location.origin || link.hash !== "") return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
  return { path, query, go };
}

/** Where one was before, on the link that one had followed: what is drawn anew may have another height. */
function settle(scrolled: number, left: string): void {
  window.scrollTo(0, scrolled);
  const link = document.querySelector<HTMLElement>(`main a[href="${CSS.escape(left)}"]`);
  link?.focus({ preventScroll: true });
  link?.scrollIntoView({ block: "nearest" });
}

function scrolledIn(state: unknown): number {
  const scrolled = typeof state === "object" && state !== null && "scrolled" in state ? state.scrolled : 0;
  return typeof scrolled === "number" ? scrolled : 0;
}

/** The id in `/device/ID`; null at any other address. */
export function deviceIn(path: string): string | null {
  const part = /^\/device\/([^/]+)$/.exec(path)?.[1];
  if (part === undefined) return null;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a device's own room. */
export function devicePath(id: string): string {
  return `/device/${encodeURIComponent(id)}`;
}
