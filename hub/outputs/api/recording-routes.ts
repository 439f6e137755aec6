/** REST over recordings: start, stop, list, name, mark, download, delete and restore (protocol 7.6). */
import * as z from "zod";
import { patchRecording, postMarker, startRecordingRequest, stopRecordingRequest } from "#protocol/recordings.ts";
import type { Acquisition } from "../../flow/acquisition.ts";
import type { Recordings } from "../../flow/history-recordings.ts";
import type { House } from "../../flow/house.ts";
import type { Recording } from "../../history/store.ts";
import { ok, type PiecesReply, type Route, route } from "./route.ts";

export interface RecordingRouteParts {
  readonly house: House;
  readonly acquisition: Acquisition;
  readonly recordings: Recordings;
}

const NONE = { 404: "There is no such recording." };
const FULL = { 507: "The disk takes nothing." };
const listQuery = z.object({ deleted: z.enum(["true", "false"]).default("false") });

export function recordingRoutes(parts: RecordingRouteParts): Route[] {
  return [...acquisitionRoutes(parts), ...fileRoutes(parts), ...lookRoutes(parts), ...changeRoutes(parts)];
}

function acquisitionRoutes({ house, acquisition }: RecordingRouteParts): Route[] {
  return [
    route({
      method: "get",
      path: "/acquisition",
      rule: "viewer",
      summary: "Whether the hub records now.",
      answers: { 200: "{running}: an array of the recordings that run, newest first." },
      handle: async () =>
        ok({ running: await Promise.all(house.running.map(({ id }) => house.history.getRecording(id))) }),
    }),
    route({
      method: "post",
      path: "/acquisition/start",
      rule: "operator",
      summary:
        "Starts a recording of all devices, or of those named; devices that sample are told to, every intervalMs if stated.",
      body: startRecordingRequest,
      answers: { 200: "The new recording.", 429: "As many run as may, or there are too many.", ...FULL },
      handle: async ({ body, by }) => ok(await acquisition.start({ ...body, by })),
    }),
    route({
      method: "post",
      path: "/acquisition/stop",
      rule: "operator",
      summary: "Stops all recordings that run, or the one of an id.",
      body: stopRecordingRequest,
      answers: { 200: "{stopped}: an array of the recordings that it stopped, newest first.", ...NONE },
      handle: async ({ body: { id } }) => ok({ stopped: await acquisition.stop(id) }),
    }),
  ];
}

/** Before `/recordings/{id}`, which would take them for ids. */
function fileRoutes({ house: { history } }: RecordingRouteParts): Route[] {
  return [
    route({
      method: "get",
      path: "/recordings/{id}.csv",
      rule: "viewer",
      summary:
        "The recording as a table: times of hub and device in UTC and in ms, the device, a column for each property.",
      answers: { 200: "RFC 4180, UTF-8, with a line of names.", ...NONE },
      contentType: "text/csv",
      async handle({ params: { id = "" } }) {
        const fileName = fileNameOf(await history.getRecording(id), "csv");
        return { contentType: "text/csv; charset=utf-8; header=present", fileName, pieces: history.exportCsv(id) };
      },
    }),
    route({
      method: "get",
      path: "/recordings/{id}.ndjson",
      rule: "viewer",
      summary: "The recording as one JSON object a line, oldest first.",
      answers: { 200: "{time, hubTimeMs, deviceTimeMs?, device, values} a line.", ...NONE },
      contentType: "application/x-ndjson",
      async handle({ params: { id = "" } }): Promise<PiecesReply> {
        const fileName = fileNameOf(await history.getRecording(id), "ndjson");
        return { contentType: "application/x-ndjson", fileName, pieces: history.exportNdjson(id) };
      },
    }),
  ];
}

function lookRoutes({ house: { history } }: RecordingRouteParts): Route[] {
  return [
    route({
      method: "get",
      path: "/recordings",
      rule: "viewer",
      summary: "All recordings, newest first; with deleted=true those that can still be restored.",
      query: listQuery,
      answers: { 200: "An array of recordings." },
      handle: async ({ query: { deleted } }) => ok(await history.listRecordings({ deleted: deleted === "true" })),
    }),
    route({
      method: "get",
      path: "/recordings/{id}",
      rule: "viewer",
      summary: "One recording: when, who, which devices, its notes and markers, how many samples.",
      answers: { 200: "The recording.", ...NONE },
      handle: async ({ params: { id = "" } }) => ok(await history.getRecording(id)),
    }),
  ];
}

function changeRoutes({ recordings }: RecordingRouteParts): Route[] {
  return [
    route({
      method: "patch",
      path: "/recordings/{id}",
      rule: "operator",
      summary: "Gives a recording another name, or notes.",
      body: patchRecording,
      answers: { 200: "The recording.", ...NONE },
      handle: async ({ params: { id = "" }, body: { name, notes } }) =>
        ok(await recordings.change(id, { ...(name !== undefined && { name }), ...(notes !== undefined && { notes }) })),
    }),
    route({
      method: "post",
      path: "/recordings/{id}/markers",
      rule: "operator",
      summary: "Marks a moment: now, or at a time in ms since the epoch.",
      body: postMarker,
      answers: { 200: "The recording.", ...NONE, 429: "It has as many markers as it may." },
      handle: async ({ params: { id = "" }, body: { text, at }, by }) => ok(await recordings.mark(id, text, by, at)),
    }),
    route({
      method: "delete",
      path: "/recordings/{id}/markers/{marker}",
      rule: "operator",
      summary: "Takes a marker away.",
      answers: { 200: "The recording.", ...NONE },
      handle: async ({ params: { id = "", marker } }) => ok(await recordings.unmark(id, Number(marker))),
    }),
    route({
      method: "delete",
      path: "/recordings/{id}",
      rule: "operator",
      summary: "Deletes a recording, after stopping it; it can be restored for a day.",
      answers: { 200: "The recording.", ...NONE },
      handle: async ({ params: { id = "" } }) => ok(await recordings.remove(id)),
    }),
    route({
      method: "post",
      path: "/recordings/{id}/restore",
      rule: "operator",
      summary: "Brings a deleted recording back.",
      answers: { 200: "The recording.", ...NONE },
      handle: async ({ params: { id = "" } }) => ok(await recordings.restore(id)),
    }),
  ];
}

/** Its name, without what file systems refuse. */
function fileNameOf({ id, name }: Recording, extension: string): string {
  const plain = name.replace(/[\p{C}\\/:*?"<>|]+/gu, "-").replace(/^[.\s]+|[.\s]+$/g, "");
  return `${plain || `recording ${id}`}.${extension}`;
}
