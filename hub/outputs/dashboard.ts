/** The namespace `/dashboard`: tells every page what changes, and takes its wishes. */
import type { Namespace, Server, Socket } from "socket.io";
import type { Clock } from "#base/clock.ts";
import type { Answer, HubInfo, HubToPage, PageToHub, Update } from "#protocol/dashboard-events.ts";
import { PharosError, wireError } from "#protocol/errors.ts";
import { actRequest, holdRequest, sayRequest, setRequest } from "#protocol/requests.ts";
import type { Gate } from "../base/gate.ts";
import { LIMITS } from "../base/limits.ts";
import type { House } from "../flow/house.ts";
import type { Wishes } from "../flow/wishes.ts";
import { PageOutbox } from "./page-outbox.ts";
import { parseRequest } from "./parse-request.ts";
import { SaidLog } from "./said-log.ts";

type PageSocket = Socket<PageToHub, HubToPage>;

export interface DashboardParts {
  readonly io: Server;
  readonly gate: Gate;
  readonly house: House;
  readonly wishes: Wishes;
  /** Asked at each page's arrival, since addresses come and go with the network. */
  readonly hub: () => HubInfo;
}

export class Dashboard {
  readonly #parts: DashboardParts;
  readonly #said = new SaidLog();
  readonly #pages = new Set<PageOutbox>();

  constructor(parts: DashboardParts) {
    this.#parts = parts;
  }

  start(): void {
    const { io, gate, house } = this.#parts;
    const nsp: Namespace<PageToHub, HubToPage> = io.of("/dashboard");
    nsp.use((socket, next) => {
      try {
        gate(socket.request, "control");
        next();
      } catch (error) {
        next(error as PharosError);
      }
    });
    nsp.on("connection", (socket) => this.#open(socket));
    house.events.on("change", (change) => {
      for (const page of this.#pages) page.change(change);
    });
    house.events.on("gone", (id) => {
      for (const page of this.#pages) page.gone(id);
    });
    house.events.on("said", (line) => {
      this.#said.add(line, house.clock.now());
      for (const page of this.#pages) page.schedule();
    });
  }

  #open(socket: PageSocket): void {
    const { house, hub, wishes } = this.#parts;
    const send = (update: Update): Promise<void> => tell(socket, update, house.clock);
    const page = new PageOutbox({ house, said: this.#said, hub: hub(), send });
    this.#pages.add(page);
    this.#listen(socket);
    socket.on("disconnect", () => {
      this.#pages.delete(page);
      page.close();
      wishes.releaseAll(socket.id);
    });
    page.start();
  }

  #listen(socket: PageSocket): void {
    const { wishes } = this.#parts;
    socket.on("set", (request, done) =>
      this.#answer(done, () => {
        const { value, ...wish } = parseRequest(setRequest, request);
        // The outcome reaches every page as an update; this one needs to know only that the wish is kept.
        void wishes.set({ ...wish, value, by: "page" });
        return { desired: value };
      }),
    );
    socket.on("alive", (done) => typeof done === "function" && done());
    socket.on("hold", (request) =>
      this.#answer(undefined, () => {
        const { device, property, held } = parseRequest(holdRequest, request);
        wishes.hold(socket.id, device, property, held);
      }),
    );
    socket.on("act", (request, done) =>
      this.#answer(done, async () => {
        const { device, action, input } = parseRequest(actRequest, request);
        return { output: await wishes.act(device, action, input) };
      }),
    );
    socket.on("say", (request, done) =>
      this.#answer(done, async () => {
        const said = parseRequest(sayRequest, request);
        if ("room" in said) return { delivered: await wishes.sayToRoom(said.room, said.text) };
        wishes.sayToDevice(said.device, said.text);
        return { delivered: 1 };
      }),
    );
  }

  #answer<T>(done: ((answer: Answer<T>) => void) | undefined, work: () => T | Promise<T>): void {
    const answer = typeof done === "function" ? done : (): void => {};
    // What a device said may be beyond what can be sent on: then `answer` itself fails.
    void (async () => answer(await work()))().catch((error: unknown) => {
      const known = error instanceof PharosError;
      if (!known) this.#parts.house.logger.error(error, "a page's request failed");
      answer({ error: known ? error.toWire() : wireError("INTERNAL") });
    });
  }
}

/** Resolves when the page acknowledged, or said nothing for so long that it is asleep. */
function tell(socket: PageSocket, update: Update, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(LIMITS.pageAckMs, resolve);
    socket.emit("update", update, () => {
      timer.cancel();
      resolve();
    });
  });
}
