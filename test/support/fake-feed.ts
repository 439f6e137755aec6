/** What a page of the fake hub is told, as the hub does it. Called by fake-hub.ts. */
import type { Socket } from "socket.io";
import type { DeviceChange, HubToPage, PageToHub, Update } from "#protocol/dashboard-events.ts";

export type PageSocket = Socket<PageToHub, HubToPage>;

/** What a page asked. */
export type Heard = {
  readonly [E in keyof PageToHub]: { event: E; data: Parameters<PageToHub[E]>[0] };
}[keyof PageToHub];

export interface Feed {
  add(news: Partial<Update>): void;
  /** Sends `change` now, and everything else only after `pauseMs`. */
  sendOld(change: DeviceChange, pauseMs: number): void;
}

/** One page's news: one unacknowledged update at a time, newest wins, as the hub does. */
export function createFeed(socket: PageSocket): Feed {
  let waiting: Update | null = null;
  let busy = false;
  let pauses = 0;

  function flush(): void {
    if (busy || pauses > 0 || waiting === null) return;
    const update = { ...waiting, now: Date.now() };
    waiting = null;
    busy = true;
    socket.emit("update", update, () => {
      busy = false;
      flush();
    });
  }

  return {
    sendOld(change, pauseMs) {
      socket.emit("update", { now: Date.now(), devices: [change], gone: [], said: [] }, () => {});
      pauses += 1;
      setTimeout(() => {
        pauses -= 1;
        flush();
      }, pauseMs);
    },
    add(news) {
      const base = waiting ?? { now: 0, devices: [], gone: [], said: [] };
      waiting = {
        ...base,
        ...(news.hub && { hub: news.hub }),
        ...(news.session && { session: news.session }),
        ...(news.pairing && { pairing: news.pairing }),
        ...(news.dials && { dials: news.dials }),
        devices: mergeChanges(base.devices, news.devices ?? []),
        gone: [...base.gone, ...(news.gone ?? [])],
        said: [...base.said, ...(news.said ?? [])],
      };
      setImmediate(flush);
    },
  };
}

function mergeChanges(before: readonly DeviceChange[], more: readonly DeviceChange[]): readonly DeviceChange[] {
  const merged = new Map(before.map((change) => [change.id, change]));
  for (const change of more) {
    const old = merged.get(change.id);
    merged.set(change.id, { ...old, ...change, ...(old?.state && { state: { ...old.state, ...change.state } }) });
  }
  return [...merged.values()];
}
