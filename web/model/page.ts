/** Puts the parts of the page together: the link, the store it fills, and the seconds that ages count. Called by `main.tsx`. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { SessionView } from "#protocol/access.ts";
import type { Value } from "#protocol/values.ts";
import type { PropertyState } from "#protocol/views.ts";
import { words } from "../words.ts";
import type { PageClock } from "./clock.ts";
import { takeKey } from "./given-key.ts";
import { createHubLink, type HubLink } from "./hub-link.ts";
import { createKnob, type Knob } from "./knob.ts";
import { createMay, type May } from "./may.ts";
import { createPairing, type PairingDesk } from "./pairing.ts";
import { createRest, type Rest } from "./rest.ts";
import { createSession, type Session } from "./session.ts";
import { createStore, type Store } from "./store.ts";

export interface Page {
  readonly link: HubLink;
  readonly rest: Rest;
  readonly store: Store;
  readonly session: Session;
  readonly pairing: PairingDesk;
  readonly may: May;
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
/** Who is at a hub that does not say: it asks nobody. */
const ANYBODY: SessionView = { role: "admin", name: null, needsPassword: false, isOpen: true };

export function createPage(clock: PageClock, origin = ""): Page {
  const seconds = signal(clock.now());
  const announcement = signal("");

  const knobParts = {
    clock,
    lost: { code: "LOST", message: words.lostWish },
    isOpen: () => may("operator").now.peek(),
  };
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

  const flushSoon = oncePerFrame(clock, () => store.flush());
  const link: HubLink = createHubLink({
    origin,
    now: () => clock.now(),
    onUpdate(update) {
      if (update.hub !== undefined) session.told(update.session ?? ANYBODY);
      store.take(update);
      flushSoon();
    },
    onRefused: () => session.refused(),
    onReady: () => store.reopened(),
  });
  const rest = createRest(origin);
  const session: Session = createSession({ rest, onChange: () => link.reconnect(), onEnd: () => store.forget() });
  const live: ReadonlySignal<boolean> = computed(() => link.status.value.state === "connected");
  const may = createMay(session.view, live);

  return {
    link,
    rest,
    session,
    pairing: createPairing({ rest, session, store, may }),
    may,
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
      if (!enterByKey(session, link.start)) link.start();
      window.addEventListener("hashchange", () => enterByKey(session, () => {}));
      everySecond(clock, () => (seconds.value = clock.now()));
    },
  };
}

/** Signs in by the key in the address, if there is one. @returns whether there was one */
function enterByKey(session: Session, then: () => void): boolean {
  const key = takeKey();
  if (key !== null) void session.exchange(key).then(then);
  return key !== null;
}

function everySecond(clock: PageClock, run: () => void): void {
  run();
  clock.after(TICK_MS, () => everySecond(clock, run));
}

/** @returns asks for `run` before the next paint, once however often it is called */
function oncePerFrame(clock: PageClock, run: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    clock.frame(() => {
      isAsked = false;
      run();
    });
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
