/** The options of `pharos simulate`, for all kinds of devices. Called by main.ts. */
import * as z from "zod";
import { number } from "#base/option-schemas.ts";
import { type OptionValues, option, toNumber } from "#base/options.ts";
import { deviceId, roomName } from "#protocol/names.ts";
import { SENSOR_KINDS } from "./sensors/kinds.ts";

const MAX_DEVICES = 1000;

const rates = Object.entries(SENSOR_KINDS).map(([kind, { rateHz }]) => `${kind} ${rateHz}`);

export const SIMULATE_OPTIONS = {
  hub: option({
    schema: z.url("an address like http://192.168.1.5:5000"),
    default: "http://127.0.0.1:5000",
    help: "address of the hub",
    value: "URL",
  }),
  count: option({
    schema: z.preprocess(toNumber, z.number().int().min(1).max(MAX_DEVICES)),
    default: 1,
    help: `how many devices, at most ${MAX_DEVICES}`,
    value: "N",
  }),
  id: option<string | null>({
    schema: deviceId.max(58).nullable(),
    default: null,
    help: "first part of the ids: PREFIX-1, PREFIX-2, … (default the kind)",
    value: "PREFIX",
  }),
  token: option<string | null>({
    schema: z.string().nullable(),
    default: null,
    help: "token, if the hub wants one",
    value: "TOKEN",
  }),
  rate: option<number | null>({
    schema: number(0.01, 1000, "reports a second").nullable(),
    default: null,
    help: `reports a second, from 0.01 to 1000 (sensors only; default ${rates.join(", ")})`,
    value: "HZ",
  }),
  room: option<string[]>({
    schema: z.array(roomName).max(4),
    default: [],
    help: "room to be in (not pi); may be given several times",
    value: "ROOM",
    many: true,
  }),
  heartbeat: option({
    schema: z.preprocess(toNumber, z.number().min(1).max(3600)),
    default: 5,
    help: "seconds between two beats (not pi)",
    value: "SECONDS",
  }),
};

export type SimulateOptions = OptionValues<typeof SIMULATE_OPTIONS>;
