/** Puts the parts of the page together: the link, the store it fills, and the seconds that ages count. Called by `main.tsx`. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Value } from "#protocol/values.ts";
import { words } from "../words.ts";
import type { PageClock } from "./clock.ts";
import { createHubLink, type HubLink } from "./hub-link.ts";
import { createKnob } from "./knob.ts";
import { createStore, type Store } from "./store.ts";

export interface Page {
  readonly link: HubLink;
  readonly store: Store;
  /** Whether what is shown is live: the hub is connected and has said what there is. */
  readonly live: ReadonlySignal<boolean>;
  /** The hub's clock, renewed each second: what ages are counted from. */
  readonly now: ReadonlySignal<number>;
  /** What the polite live region says. */
  readonly announcement: Signal<string>;
  announce(text: string): void;
  start(): void;
}

const TICK_MS = 1000;

export function createPage(clock: PageClock, origin = ""): Page {
  const seconds = signal(clock.now());
  const announcement = signal("");
  let applying = false;

  const store: Store = createStore(
    (device, property, state) =>
      createKnob({
        state,
        clock,
        lost: { code: "LOST", message: words.lostWish },
        isOpen: () => live.peek(),
        send: (value) => askFor(device, property, value),
        hold: (held) => link.hold(device, property, held),
      }),
    () => clock.now(),
  );

  async function askFor(device: string, property: string, value: Value) {
    const answer = await link.set({ device, property, value });
    // What the hub said before this answer waits for a frame: it must not pass for its word about the value.
    store.flush();
    return answer;
  }

  const link: HubLink = createHubLink({
    origin,
    now: () => clock.now(),
    onUpdate(update) {
      store.take(update);
      if (applying) return;
      applying = true;
      clock.frame(() => {
        applying = false;
        store.flush();
      });
    },
    onReady: () => store.reopened(),
  });
  const live: ReadonlySignal<boolean> = computed(() => link.status.value.state === "connected");

  return {
    link,
    store,
    live,
    now: computed(() => seconds.value + store.clockOffset.value),
    announcement,
    announce: (text) => {
      announcement.value = text;
    },
    start() {
      link.start();
      const tick = (): void => {
        seconds.value = clock.now();
        clock.after(TICK_MS, tick);
      };
      tick();
    },
  };
}

/** The browser's clock. A frame comes within 50 ms even when the page is hidden. */
export function browserClock(): PageClock {
  return {
    now: () => Date.now(),
    after(ms, run) {
      const timer = window.setTimeout(run, ms);
      return () => window.clearTimeout(timer);
    },
    frame(run) {
      let done = false;
      const once = (): void => {
        if (done) return;
        done = true;
        window.clearTimeout(timer);
        cancelAnimationFrame(frame);
        run();
      };
      const timer = window.setTimeout(once, 50);
      const frame = requestAnimationFrame(once);
    },
  };
}
