/** What the page asks of the hub, each with its answer. Part of the link, made by `hub-link.ts`. */
import type { Socket } from "socket.io-client";
import type { Answer, HubToPage, PageToHub, SetRequest } from "#protocol/dashboard-events.ts";
import type { DialTarget } from "#protocol/dials.ts";
import type { RecordingView, StartRecordingRequest } from "#protocol/recordings.ts";
import type { Value } from "#protocol/values.ts";

/** The hub answers as soon as a wish is kept, so this only ends the wait on a dead connection. */
const ANSWER_WITHIN_MS = 5000;
/** An action waits for the device itself. */
const ACT_WITHIN_MS = 30_000;

/** What an action came to: its output, or its place in the queue. */
export type Acted = { readonly output: unknown } | { readonly queued: string };

type Target = { readonly device: string } | { readonly room: string };

/** The promises reject when the link is lost before the answer. */
export interface Requests {
  set(request: SetRequest): Promise<Answer<{ desired: Value }>>;
  /** The same value for all members of a room that have the property. */
  setRoom(room: string, property: string, value: Value): Promise<Answer<{ devices: number }>>;
  hold(device: string, property: string, held: boolean): void;
  /** @param expiresMs how long the action may wait for a device that is away; null to be refused then */
  act(device: string, action: string, input: unknown, expiresMs: number | null): Promise<Answer<Acted>>;
  /** Takes back an action that waits. */
  cancel(device: string, id: string): Promise<Answer<object>>;
  rename(device: string, name: string): Promise<Answer<object>>;
  join(device: string, room: string, member: boolean): Promise<Answer<object>>;
  remove(device: string): Promise<Answer<object>>;
  /** Has the hub call a device that is a TCP server, now and after a restart. */
  dial(target: DialTarget): Promise<Answer<object>>;
  undial(device: string): Promise<Answer<object>>;
  /** Types into the terminal of a device. */
  type(device: string, text: string): Promise<Answer<object>>;
  /** Starts a recording, for everyone. */
  startRecording(request: StartRecordingRequest): Promise<Answer<RecordingView>>;
  /** Stops what runs: all, or the one of an id. */
  stopRecording(id?: string): Promise<Answer<object>>;
  /** @param at when, the hub's clock, ms */
  mark(recording: string, text: string, at: number): Promise<Answer<RecordingView>>;
  say(to: Target, text: string): Promise<Answer<{ delivered: number }>>;
}

export function createRequests(socket: Socket<HubToPage, PageToHub>): Requests {
  const soon = () => socket.timeout(ANSWER_WITHIN_MS);
  return {
    set: (request) => soon().emitWithAck("set", request),
    setRoom: (room, property, value) => soon().emitWithAck("setRoom", { room, property, value }),
    hold: (device, property, held) => {
      if (socket.connected) socket.emit("hold", { device, property, held });
    },
    act: (device, action, input, expiresMs) => {
      const options = { ...(input !== undefined && { input }), ...(expiresMs !== null && { expiresMs }) };
      return socket.timeout(ACT_WITHIN_MS).emitWithAck("act", { device, action, ...options });
    },
    cancel: (device, id) => soon().emitWithAck("cancel", { device, id }),
    rename: (device, name) => soon().emitWithAck("rename", { device, name }),
    join: (device, room, member) => soon().emitWithAck("join", { device, room, member }),
    remove: (device) => soon().emitWithAck("remove", { device }),
    dial: (target) => soon().emitWithAck("dial", target),
    undial: (device) => soon().emitWithAck("undial", { device }),
    type: (device, text) => soon().emitWithAck("type", { device, text }),
    startRecording: (request) => soon().emitWithAck("startRecording", request),
    stopRecording: (id) => soon().emitWithAck("stopRecording", id === undefined ? {} : { id }),
    mark: (recording, text, at) => soon().emitWithAck("mark", { recording, text, at }),
    say: (to, text) => soon().emitWithAck("say", { ...to, text }),
  };
}
