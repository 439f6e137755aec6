/** Dialled devices and their terminals, as the fake hub of the page's tests has them. Made by fake-hub.ts. */
import { type DialView, formatDialUrl } from "#protocol/dials.ts";
import { wireError } from "#protocol/errors.ts";
import type { Heard, PageSocket } from "./fake-feed.ts";

export interface FakeDials {
  list(): readonly DialView[];
  /** Adds one, or changes it. */
  put(id: string, part?: Partial<DialView>): void;
  /** What the terminal of a device showed so far. */
  readonly shown: Map<string, string>;
  /** A device sends text to the pages that watch it. @returns when all of them have taken it */
  print(id: string, text: string, hasGap?: boolean): Promise<void>;
  listen(socket: PageSocket, hear: (heard: Heard) => void): void;
}

export function createFakeDials(tell: (dials: readonly DialView[]) => void): FakeDials {
  const views = new Map<string, DialView>();
  const watching = new Map<PageSocket, string>();
  const dials: FakeDials = {
    shown: new Map(),
    list: () => [...views.values()],
    put(id, part = {}) {
      const target = { id, host: "192.168.1.7", port: 10_000, mode: "lines" as const };
      const fresh = { ...target, url: "", isFixed: false, state: "connecting" as const, since: Date.now() };
      const view: DialView = { retryAt: null, fault: null, ...fresh, ...views.get(id), ...part };
      views.set(id, { ...view, url: formatDialUrl(view) });
      tell(dials.list());
    },
    async print(id, text, hasGap = false) {
      dials.shown.set(id, (dials.shown.get(id) ?? "") + text);
      const pages = [...watching].filter(([, device]) => device === id).map(([socket]) => socket);
      await Promise.all(pages.map((page) => page.emitWithAck("terminal", { device: id, text, hasGap })));
    },
    listen(socket, hear) {
      socket.on("disconnect", () => watching.delete(socket));
      socket.on("dial", (request, done) => {
        hear({ event: "dial", data: request });
        if (request.host === "nobody") return done({ error: wireError("TOO_MANY") });
        dials.put(request.id, request);
        done(views.get(request.id) as DialView);
      });
      socket.on("undial", (request, done) => {
        hear({ event: "undial", data: request });
        views.delete(request.device);
        tell(dials.list());
        done({});
      });
      socket.on("terminal", (request, done) => {
        hear({ event: "terminal", data: request });
        if (request.device === null) watching.delete(socket);
        else watching.set(socket, request.device);
        done({ text: dials.shown.get(request.device ?? "") ?? "" });
      });
      socket.on("type", (request, done) => {
        hear({ event: "type", data: request });
        done({});
      });
    },
  };
  return dials;
}
