/** The namespace `/dashboard`: what the hub and its pages say to each other. Types only; the hub checks with `dashboard-requests.ts`. */
import type { PairingView, SessionView } from "./access.ts";
import type { DialTarget, DialView } from "./dials.ts";
import type { WireError } from "./errors.ts";
import type { PlotNews, PlotPast, PlotRequest } from "./plots.ts";
import type { AcquisitionView, RecordingView, StartRecordingRequest } from "./recordings.ts";
import type { Value } from "./values.ts";
import type { About, DeviceDetail, Link, PropertyState } from "./views.ts";

/** One line of the messages room. */
export interface Said {
  /** Counts up by one for each; a gap means that older ones were dropped. */
  readonly seq: number;
  readonly at: number;
  /** The device that said it, or null when a page or REST did. */
  readonly from: string | null;
  /** The rooms or the device it went to; empty when it reached nobody but the pages. */
  readonly to: readonly string[];
  readonly kind: "message" | "heartbeat" | "report" | "log" | "presence" | "sent";
  readonly text: string;
}

/** The parts of a device that changed; a part that is absent is as it was. */
export interface DeviceChange {
  readonly id: string;
  readonly about?: About;
  readonly link?: Link;
  readonly state?: { readonly [property: string]: PropertyState };
  /** Only of the device that the page watches. */
  readonly detail?: DeviceDetail;
}

export interface HubInfo {
  readonly version: string;
  /** Who may use the hub without signing in; the page wears a banner unless it is null. */
  readonly open: "loopback" | "lan" | null;
  /** Addresses by which devices and phones can reach the hub, best first: `http://192.168.1.5:5000`. */
  readonly addresses: readonly string[];
  /** Port without TLS for devices alone; absent where they come by the page's own. */
  readonly devicePort?: number;
  /** Port for devices that speak plain TCP; absent without that door. */
  readonly tcpPort?: number;
  /** ms between the hub's pings. */
  readonly heartbeatIntervalMs: number;
  /** What does not work at the moment: `storage` when nothing can be written to disk. */
  readonly degraded: readonly string[];
}

/** What a page has not been told yet. The hub sends the next one when this one is acknowledged: a slow page never queues. */
export interface Update {
  /** Present in the first update after a connection: forget everything and start from this. */
  readonly hub?: HubInfo;
  /** Who the page is to the hub; in the first update after a connection. */
  readonly session?: SessionView;
  /** The hub's clock, so that ages are right on a device with a wrong one. */
  readonly now: number;
  readonly devices: readonly DeviceChange[];
  readonly gone: readonly string[];
  readonly said: readonly Said[];
  /** Whom the hub dials, all of them; absent when that is as it was. */
  readonly dials?: readonly DialView[];
  /** Who waits to be let in, for admins; absent when that is as it was. */
  readonly pairing?: PairingView;
  /** Whether the hub records; absent when that is as it was, and no recording changed. */
  readonly acquisition?: AcquisitionView;
}

/** Text of the terminal that the page has open. */
export interface TerminalText {
  readonly device: string;
  readonly text: string;
  /** Whether some before it was dropped, since the page was too slow. */
  readonly hasGap: boolean;
}

export interface HubToPage {
  update: (update: Update, done: () => void) => void;
  /** The next comes when this one is acknowledged: a slow page misses text and never queues. */
  terminal: (text: TerminalText, done: () => void) => void;
  /** Samples of what the page plots; the next come when these are acknowledged. */
  plots: (news: PlotNews, done: () => void) => void;
  bye: (reason: WireError) => void;
}

export type Answer<T> = T | { error: WireError };

export interface SetRequest {
  device: string;
  property: string;
  value: Value;
  /** ms */
  transition?: number;
}

export interface PageToHub {
  /** Asks for a value. Answered as soon as the wish is kept; what becomes of it arrives as an update. */
  set: (request: SetRequest, done: (answer: Answer<{ desired: Value }>) => void) => void;
  /** Answered at once: a page that slept asks whether its connection still lives. */
  alive: (done: () => void) => void;
  /** A hand is on the control, or has let go. */
  hold: (request: { device: string; property: string; held: boolean }) => void;
  /** With `expiresMs` an action for a device that is away waits for it so long (protocol 6.5). */
  act: (
    request: { device: string; action: string; input?: unknown; expiresMs?: number },
    done: (answer: Answer<{ output: unknown } | { queued: string }>) => void,
  ) => void;
  cancel: (request: { device: string; id: string }, done: (answer: Answer<object>) => void) => void;
  /** The same value for every member of a room that has the property; outcomes arrive as updates. */
  setRoom: (
    request: { room: string; property: string; value: Value; transition?: number },
    done: (answer: Answer<{ devices: number }>) => void,
  ) => void;
  rename: (request: { device: string; name: string }, done: (answer: Answer<object>) => void) => void;
  /** Puts a device in a room, or takes it out. */
  join: (request: { device: string; room: string; member: boolean }, done: (answer: Answer<object>) => void) => void;
  /** Forgets a device for good; it is cut if it is connected. */
  remove: (request: { device: string }, done: (answer: Answer<object>) => void) => void;
  /** The room of one device is open (or none is): its `detail` comes with the updates. */
  watch: (request: { device: string | null }) => void;
  /** Dials a device that is a TCP server, now and after a restart of the hub. */
  dial: (request: DialTarget, done: (answer: Answer<DialView>) => void) => void;
  undial: (request: { device: string }, done: (answer: Answer<object>) => void) => void;
  /** Opens the terminal of one device, or of none. Answered by what it showed last; what follows comes as `terminal`. */
  terminal: (request: { device: string | null }, done: (answer: Answer<{ text: string }>) => void) => void;
  /** Types into the terminal of a device, unchanged: `\r` is the caller's to send. */
  type: (request: { device: string; text: string }, done: (answer: Answer<object>) => void) => void;
  /** Plots these series and no others. Answered by what there was; what follows comes as `plots`. */
  plot: (request: PlotRequest, done: (answer: Answer<PlotPast>) => void) => void;
  /** Starts a recording, for everyone. */
  startRecording: (request: StartRecordingRequest, done: (answer: Answer<RecordingView>) => void) => void;
  /** Stops all that run, or the one of an id. Answered by those that it stopped. */
  stopRecording: (
    request: { id?: string },
    done: (answer: Answer<{ stopped: readonly RecordingView[] }>) => void,
  ) => void;
  /** Marks a moment in a recording, now unless `at` (ms since the epoch, the hub's clock) says otherwise. The rest goes over REST. */
  mark: (
    request: { recording: string; text: string; at?: number },
    done: (answer: Answer<RecordingView>) => void,
  ) => void;
  /** Says `text` to one device or to a room. */
  say: (
    request: { device: string; text: string } | { room: string; text: string },
    done: (answer: Answer<{ delivered: number }>) => void,
  ) => void;
}
