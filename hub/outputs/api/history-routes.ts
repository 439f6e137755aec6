/** REST over the history: what was measured, as points to draw (protocol 7.7). */
import * as z from "zod";
import { PharosError } from "#protocol/errors.ts";
import { deviceId } from "#protocol/names.ts";
import type { House } from "../../flow/house.ts";
import { ok, type Route, route } from "./route.ts";

const HOUR_MS = 3_600_000;
const LATEST_MS = 4.1e12;
const DEFAULT_POINTS = 1_000;
const MOST_POINTS = 10_000;

const time = numberOf(0, LATEST_MS, "must be a time in ms since the epoch");
const historyQuery = z.object({
  device: deviceId,
  /** With its field, if it is one of an object: `accel.x`. */
  property: z.string().min(1).max(129),
  /** An hour before `to`, unless stated. */
  from: time.optional(),
  /** Now, unless stated. */
  to: time.optional(),
  points: numberOf(1, 1_000_000, "must be a number of at least 1").optional(),
});

export function historyRoutes({ history, clock }: House): Route[] {
  return [
    route({
      method: "get",
      path: "/history",
      rule: "viewer",
      summary:
        "A property from `from` to `to`, both in ms since the epoch, in at most `points` points; extremes are kept.",
      query: historyQuery,
      answers: {
        200: "{points}: an array of [time, min, max, mean, last], oldest first; true counts 1, false 0.",
        400: "The question is not understood.",
      },
      async handle({ query: { device, property, from, to = clock.now(), points = DEFAULT_POINTS } }) {
        const start = from ?? Math.max(0, to - HOUR_MS);
        if (start > to) throw new PharosError("BAD_REQUEST", "from: must not be after `to`");
        const most = Math.min(Math.floor(points), MOST_POINTS);
        return ok({ points: await history.query({ device, property, from: start, to, points: most }) });
      },
    }),
    route({
      method: "get",
      path: "/history/series",
      rule: "viewer",
      summary: "What there is: device and property, from when to when, and how many samples at full rate.",
      answers: { 200: "An array of {device, property, first, last, samples}, sorted by device and property." },
      handle: async () => ok(await history.listSeries()),
    }),
  ];
}

/** A number in a query, which is text. */
function numberOf(minimum: number, maximum: number, error: string): z.ZodType<number> {
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/, error)
    .transform(Number)
    .pipe(z.number({ error }).min(minimum, error).max(maximum, error));
}
