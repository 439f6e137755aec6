/** Puts the parts of the page together: the link, the store it fills, and the seconds that ages count. Called by `main.tsx`. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Value } from "#protocol/values.ts";
import type { PropertyState } from "#protocol/views.ts";
import { words } from "../words.ts";
import type { PageClock } from "./clock.ts";
import { createHubLink, type HubLink } from "./hub-link.ts";
import { createKnob, type Knob } from "./knob.ts";
import { createStore, type Store } from "./store.ts";

export interface Page {
  readonly link: HubLink;
  readonly store: Store;
  /** Whether what is shown is live: the hub is connected and has said what there is. */
  readonly live: ReadonlySignal<boolean>;
  /** The hub's clock, renewed each second: what ages are counted from. */
  readonly now: ReadonlySignal<number>;
  readonly clock: PageClock;
  /** Makes the knob that sets a property of all members of a room. */
  roomKnob(room: string, property: string, state: ReadonlySignal<PropertyState>): Knob;
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

  const knobParts = { clock, lost: { code: "LOST", message: words.lostWish }, isOpen: () => live.peek() };
  const store: Store = createStore(
    (device, property, state) =>
      createKnob({
        ...knobParts,
        state,
        send: (value) => afterNews(link.set({ device, property, value })),
        hold: (held) => link.hold(device, property, held),
      }),
    () => clock.now(),
  );

  function roomKnob(room: string, property: string, state: ReadonlySignal<PropertyState>): Knob {
    const send = (value: Value) => afterNews(link.setRoom(room, property, value));
    return createKnob({ ...knobParts, state, send, hold() {} });
  }

  /** What the hub said before an answer waits for a frame: it must not pass for its word about the value. */
  async function afterNews<T>(asked: Promise<T>): Promise<T> {
    const answer = await asked;
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
    clock,
    roomKnob,
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
