/** The hub's options as users give them (protocol 1.4, 1.5). */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { readOptions } from "#base/options.ts";
import { type DialTarget, formatDialUrl, parseDialUrl } from "#protocol/dials.ts";
import { HUB_OPTIONS } from "../../../hub/base/config.ts";
import { DEFAULT_SETTINGS } from "../../../hub/history/history-limits.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();

function read(args: readonly string[], env: { [name: string]: string } = {}) {
  return readOptions(HUB_OPTIONS, args, env);
}

describe("the hub's configuration", () => {
  it("has the defaults of the contract", () => {
    expect(read([])).toMatchObject({
      host: "::",
      port: 5000,
      heartbeatInterval: 10_000,
      heartbeatTimeout: 10_000,
      highWaterMark: 16_384,
      maxMessageSize: 65_536,
      open: "none",
      duplicate: "ask",
      strikes: 20,
      ledDevice: "",
      limits: true,
      jsonLogs: false,
    });
  });

  it.each([
    ["host", "BIND_ADDRESS", "--host", "PHAROS_HOST", "10.0.0.1", "10.0.0.1"],
    ["port", "BIND_PORT", "--port", "PHAROS_PORT", "0", 0],
    ["heartbeatInterval", "HEARTBEAT_INTERVAL", "--heartbeat-interval", "PHAROS_HEARTBEAT_INTERVAL", "2000", 2000],
    ["heartbeatTimeout", "HEARTBEAT_TIMEOUT", "--heartbeat-timeout", "PHAROS_HEARTBEAT_TIMEOUT", "3000", 3000],
    ["highWaterMark", "HIGH_WATER_MARK", "--high-water-mark", "PHAROS_HIGH_WATER_MARK", "1024", 1024],
    ["maxMessageSize", "MAX_MESSAGE_SIZE", "--max-message-size", "PHAROS_MAX_MESSAGE_SIZE", "1024", 1024],
  ])("takes %s from %s, %s and %s", (key, alias, flag, variable, raw, value) => {
    for (const given of [read([], { [alias]: raw }), read([flag, raw]), read([], { [variable]: raw })]) {
      expect(given).toHaveProperty(key, value);
    }
  });

  it("is open to this computer with --open, to the network with --open lan", () => {
    expect(read(["--open"]).open).toBe("loopback");
    expect(read(["--open", "lan", "--port", "0"])).toMatchObject({ open: "lan", port: 0 });
  });

  it("keeps the history as long as the store does unless told otherwise, in ms or with a unit", () => {
    const { rawMs, tenSecondsMs, minuteMs, hourMs, capBytes } = DEFAULT_SETTINGS;
    expect(read([])).toMatchObject({
      historyRawMs: rawMs,
      historyTenSecondsMs: tenSecondsMs,
      historyMinutesMs: minuteMs,
      historyHoursMs: hourMs,
      historyCapBytes: capBytes,
    });
    expect(read(["--history-raw-ms", "2d"]).historyRawMs).toBe(172_800_000);
    expect(read(["--history-raw-ms", "90min"], { PHAROS_HISTORY_HOURS_MS: "86400000" })).toMatchObject({
      historyRawMs: 5_400_000,
      historyHoursMs: 86_400_000,
    });
    for (const bad of ["7 weeks", "59s", "-1", "101000d", ""]) {
      expect(() => read([`--history-raw-ms=${bad}`])).toThrow("--history-raw-ms");
    }
  });

  it("accepts --no-limits from the start", () => {
    expect(read(["--no-limits"]).limits).toBe(false);
  });

  it.each([
    [[], null],
    [["--tcp-port", "0"], 0],
    [["--tcp-port", "5001"], 5001],
    [["--tcp-port", "auto"], "auto"],
  ])("takes %j as the TCP port %j", (args, port) => {
    expect(read(args).tcpPort).toBe(port);
  });

  it("takes devices to dial from flags, environment and file", () => {
    const lamp = { id: "lamp", host: "192.168.1.7", port: 10_000, mode: "lines" };
    const wars = { id: "wars", host: "fe80::1", port: 23, mode: "stream" };
    const urls = ["tcp://192.168.1.7:10000?id=lamp", "tcp://[fe80::1]:23/?id=wars&mode=stream"];
    expect(read(urls.flatMap((url) => ["--dial", url])).dial).toEqual([lamp, wars]);
    expect(read([], { PHAROS_DIAL: urls.join(",") }).dial).toEqual([lamp, wars]);
    const file = join(newFolder(), "hub.json");
    writeFileSync(file, JSON.stringify({ dial: urls }));
    expect(read(["--config", file]).dial).toEqual([lamp, wars]);
    expect([formatDialUrl(lamp as DialTarget), formatDialUrl(wars as DialTarget)].map(parseDialUrl)).toEqual([
      lamp,
      wars,
    ]);
  });

  it.each([
    ["--tcp-port", "65536"],
    ["--tcp-port", "any"],
    ["--port", "65536"],
    ["--port", "-1"],
    ["--port", "80.5"],
    ["--port", "http"],
    ["--port", ""],
    ["--host", ""],
    ["--heartbeat-interval", "99"],
    ["--heartbeat-timeout", "1e9"],
    ["--high-water-mark", "0"],
    ["--max-message-size", "255"],
    ["--max-queued-bytes", "NaN"],
    ["--max-devices", "0"],
    ["--strikes", "0"],
    ["--duplicate", "both"],
    ["--open", "internet"],
    ["--data-dir", ""],
  ])("names the fault in %s %j", (flag, raw) => {
    expect(() => read([`${flag}=${raw}`])).toThrow(new RegExp(`^${flag}: .*\\(given: "${raw}"\\)$`));
  });

  it.each([
    "tcp://h:1",
    "tcp://h?id=a",
    "tcp://h:0?id=a",
    "tcp://h:1?id=-bad",
    "tcp://h:1?id=a&mode=raw",
    "tcp://h:1?id=a&speed=9",
    "ws://h:1?id=a",
  ])("names the fault in --dial %s", (url) => {
    expect(() => read(["--dial", url])).toThrow(/^--dial: must be tcp:\/\/HOST:PORT\?id=ID/);
  });

  it("dials each device at one place", () => {
    expect(() => read(["--dial", "tcp://a:1?id=x", "--dial", "tcp://b:1?id=x"])).toThrow(/^--dial: .* the same id/);
  });

  it("names all faults at once", () => {
    const env = { BIND_PORT: "x", HEARTBEAT_INTERVAL: "1" };
    const lines = ["--duplicate: ", "--what: ", "BIND_PORT: ", "HEARTBEAT_INTERVAL: "];
    let message = "";
    try {
      read(["--what", "--duplicate", "both"], env);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(
      message
        .split("\n")
        .map((line) => line.slice(0, line.indexOf(" ") + 1))
        .sort(),
    ).toEqual(lines);
  });
});
