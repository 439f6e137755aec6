/** The namespace `/dashboard`: tells every page what changes, and takes its wishes. */
import type { Namespace, Server, Socket } from "socket.io";
import type * as z from "zod";
import type { Clock } from "#base/clock.ts";
import type { Answer, HubInfo, HubToPage, PageToHub, Update } from "#protocol/dashboard-events.ts";
import { dialRequest, terminalRequest, typeRequest, undialRequest } from "#protocol/dials.ts";
import { PharosError, wireError } from "#protocol/errors.ts";
import { plotRequest } from "#protocol/plots.ts";
import { markRequest, startRecordingRequest, stopRecordingRequest } from "#protocol/recordings.ts";
import {
  actRequest,
  cancelRequest,
  holdRequest,
  joinRequest,
  removeRequest,
  renameRequest,
  sayRequest,
  setRequest,
  setRoomRequest,
  watchRequest,
} from "#protocol/requests.ts";
import type { Access } from "../access/access.ts";
import { authorOf, type Principal, requireRole } from "../access/principal.ts";
import type { Gate } from "../base/gate.ts";
import { LIMITS } from "../base/limits.ts";
import type { Acquisition } from "../flow/acquisition.ts";
import type { Actions } from "../flow/actions.ts";
import type { Dials } from "../flow/dials.ts";
import type { Recordings } from "../flow/history-recordings.ts";
import type { House } from "../flow/house.ts";
import type { Register } from "../flow/register.ts";
import type { Sayings } from "../flow/sayings.ts";
import type { Streams } from "../flow/streams.ts";
import type { Wishes } from "../flow/wishes.ts";
import { parseRequest } from "./api/parse-request.ts";
import { PageOutbox } from "./page-outbox.ts";
import { PagePlots } from "./page-plots.ts";
import { keepToRules } from "./page-rules.ts";
import { PageTerminal } from "./page-terminal.ts";
import { SaidLog } from "./said-log.ts";

type PageSocket = Socket<PageToHub, HubToPage>;

export interface DashboardParts {
  readonly io: Server;
  readonly gate: Gate;
  readonly access: Access;
  readonly house: House;
  readonly wishes: Wishes;
  readonly actions: Actions;
  readonly register: Register;
  readonly sayings: Sayings;
  readonly dials: Dials;
  readonly streams: Streams;
  readonly acquisition: Acquisition;
  readonly recordings: Recordings;
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
    const { io, gate, access, house } = this.#parts;
    const nsp: Namespace<PageToHub, HubToPage> = io.of("/dashboard");
    nsp.use((socket, next) => {
      try {
        gate(socket.request, "control");
        const { token } = socket.handshake.auth as { readonly token?: string };
        const principal = access.identify(socket.request, token);
        requireRole(principal, "viewer");
        socket.data.principal = principal;
        next();
      } catch (error) {
        next(refusal(error));
      }
    });
    nsp.on("connection", (socket) => this.#open(socket, socket.data.principal as Principal));
    // Whoever may still come in comes back by itself, as what they are now.
    access.events.on("ended", (ref) => {
      for (const socket of nsp.sockets.values()) if (socket.data.principal.ref === ref) socket.disconnect(true);
    });
    house.events.on("change", (change) => {
      for (const page of this.#pages) page.change(change);
    });
    house.events.on("gone", (id) => {
      for (const page of this.#pages) page.gone(id);
    });
    house.events.on("dials", () => {
      for (const page of this.#pages) page.dialsChanged();
    });
    house.events.on("recordings", () => {
      for (const page of this.#pages) page.recordingsChanged();
    });
    access.events.on("pairing", () => {
      for (const page of this.#pages) page.pairingChanged();
    });
    for (const store of [house.store, house.history]) {
      store.onHealth(() => {
        for (const page of this.#pages) page.startOver(this.#parts.hub());
      });
    }
    house.events.on("said", (line) => {
      this.#said.add(line, house.clock.now());
      for (const page of this.#pages) page.schedule();
    });
  }

  #open(socket: PageSocket, principal: Principal): void {
    const { house, hub, wishes, dials, access } = this.#parts;
    const by = authorOf(principal, "page");
    keepToRules(socket as Socket, { access, clock: house.clock, principal });
    const send = (update: Update): Promise<void> => told(house.clock, (done) => socket.emit("update", update, done));
    const page = new PageOutbox({ house, said: this.#said, dials, hub: hub(), principal, send });
    this.#pages.add(page);
    this.#listen(socket, by);
    const terminal = this.#openTerminal(socket);
    const plots = this.#openPlots(socket);
    socket.on("watch", (request) =>
      this.#answer(undefined, () => page.watch(parseRequest(watchRequest, request).device)),
    );
    socket.on("disconnect", () => {
      this.#pages.delete(page);
      page.close();
      terminal.close();
      plots.close();
      wishes.releaseAll(socket.id);
    });
    page.start();
  }

  #listen(socket: PageSocket, by: string): void {
    const { wishes, actions, sayings, house } = this.#parts;
    socket.on("set", (request, done) =>
      this.#answer(done, async () => {
        const { value, ...wish } = parseRequest(setRequest, request);
        // The outcome reaches every page as an update; this one needs to know only that the wish is kept.
        await wishes.set({ ...wish, value, by }).kept;
        return { desired: value };
      }),
    );
    socket.on("setRoom", (request, done) =>
      this.#answer(done, async () => {
        const { room, ...wish } = parseRequest(setRoomRequest, request);
        const devices = wishes.setRoom(room, { ...wish, by });
        await house.store.committed();
        return { devices };
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
        return actions.act({ ...parseRequest(actRequest, request), by });
      }),
    );
    socket.on("say", (request, done) =>
      this.#answer(done, async () => {
        const said = parseRequest(sayRequest, request);
        if ("room" in said) return { delivered: await sayings.toRoom(said.room, said.text) };
        sayings.toDevice(said.device, said.text);
        return { delivered: 1 };
      }),
    );
    this.#listenToRegister(socket, by);
    this.#listenToDials(socket);
    this.#listenToRecordings(socket, by);
  }

  /** Names, rooms, removal, waiting actions. */
  #listenToRegister(socket: PageSocket, by: string): void {
    const { register, actions, house } = this.#parts;
    const keep = <T>(schema: z.ZodType<T>, change: (request: T) => unknown) => {
      return (request: unknown, done: (answer: Answer<object>) => void): void =>
        this.#answer(done, async () => {
          await change(parseRequest(schema, request));
          await house.store.committed();
          return {};
        });
    };
    socket.on(
      "cancel",
      keep(cancelRequest, ({ device, id }) => actions.cancel(device, id)),
    );
    socket.on(
      "rename",
      keep(renameRequest, ({ device, name }) => register.rename(device, name, by)),
    );
    socket.on(
      "remove",
      keep(removeRequest, ({ device }) => register.remove(device)),
    );
    socket.on(
      "join",
      keep(joinRequest, ({ device, room, member }) => register.setMembership(device, room, member, by)),
    );
  }

  /** Whom to dial (protocol 2.5). */
  #listenToDials(socket: PageSocket): void {
    const { dials, house } = this.#parts;
    socket.on("dial", (request, done) =>
      this.#answer(done, async () => {
        const dial = dials.add(parseRequest(dialRequest, request));
        await house.store.committed();
        return dial;
      }),
    );
    socket.on("undial", (request, done) =>
      this.#answer(done, async () => {
        dials.remove(parseRequest(undialRequest, request).device);
        await house.store.committed();
        return {};
      }),
    );
  }

  /** The record button (protocol 7.6). */
  #listenToRecordings(socket: PageSocket, by: string): void {
    const { acquisition, recordings } = this.#parts;
    socket.on("startRecording", (request, done) =>
      this.#answer(done, () => acquisition.start({ ...parseRequest(startRecordingRequest, request), by })),
    );
    socket.on("stopRecording", (request, done) =>
      this.#answer(done, async () => ({
        stopped: await acquisition.stop(parseRequest(stopRecordingRequest, request).id),
      })),
    );
    socket.on("mark", (request, done) =>
      this.#answer(done, () => {
        const { recording, text, at } = parseRequest(markRequest, request);
        return recordings.mark(recording, text, by, at);
      }),
    );
  }

  #openPlots(socket: PageSocket): PagePlots {
    const { house } = this.#parts;
    const plots = new PagePlots(house, (news) => told(house.clock, (done) => socket.emit("plots", news, done)));
    socket.on("plot", (request, done) => this.#answer(done, () => plots.watch(parseRequest(plotRequest, request))));
    return plots;
  }

  #openTerminal(socket: PageSocket): PageTerminal {
    const { house, streams } = this.#parts;
    const terminal = new PageTerminal(house, streams, (text) =>
      told(house.clock, (done) => socket.emit("terminal", text, done)),
    );
    socket.on("terminal", (request, done) =>
      this.#answer(done, () => ({ text: terminal.watch(parseRequest(terminalRequest, request).device) })),
    );
    socket.on("type", (request, done) =>
      this.#answer(done, () => {
        const { device, text } = parseRequest(typeRequest, request);
        streams.type(device, text);
        return {};
      }),
    );
    return terminal;
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

/** Resolves when the page acknowledged what `send` sends, or said nothing for so long that it is asleep. */
function told(clock: Clock, send: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(LIMITS.pageAckMs, resolve);
    send(() => {
      timer.cancel();
      resolve();
    });
  });
}

/** What a page gets as `connect_error`: the code and sentence are in `data`. */
function refusal(reason: unknown): Error {
  const error = reason instanceof PharosError ? reason : new PharosError("INTERNAL");
  return Object.assign(new Error(error.message), { data: error.toWire() });
}
