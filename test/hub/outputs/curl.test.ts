/** The lines of `curl` that the documentation shows, run as they stand there by a real shell (protocol 2.7, 7.2, 7.5). */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { LAMP, PLAIN, restBench } from "../../support/rest-bench.ts";

const { device, hub, view } = restBench();
/** `curl` is not part of every Debian. */
const withCurl = existsSync("/usr/bin/curl") ? it : it.skip;

/** Runs one line with this hub's address in the place of `HUB:5000`. @returns what it prints, as JSON */
async function run(line: string): Promise<unknown> {
  const shell = spawn("/bin/sh", ["-ec", line.replaceAll("HUB:5000", `127.0.0.1:${hub().port}`)]);
  let printed = "";
  shell.stdout.on("data", (data) => {
    printed += String(data);
  });
  await once(shell, "close");
  return JSON.parse(printed);
}

describe("curl", () => {
  withCurl("reports a value", async () => {
    expect(await run(`curl -d '{"temperature": 21.5}' http://HUB:5000/api/devices/kitchen/reports`)).toEqual({
      desired: {},
    });
    expect((await view("kitchen")).reported).toEqual({ temperature: 21.5 });
  });

  withCurl("reports a batch with times", async () => {
    const line = `curl -d '[[1767225600000, {"temperature": 20.9}], [1767225660000, {"temperature": 21}]]' http://HUB:5000/api/devices/kitchen/reports`;
    expect(await run(line)).toEqual({ desired: {} });
    expect((await view("kitchen")).state.temperature?.reported).toMatchObject({ value: 21, at: 1767225660000 });
  });

  withCurl("reports packed", async () => {
    const line = `echo '{"temperature": 21.5}' | gzip | curl -H 'Content-Encoding: gzip' --data-binary @- http://HUB:5000/api/devices/kitchen/reports`;
    expect(await run(line)).toEqual({ desired: {} });
    expect((await view("kitchen")).reported).toEqual({ temperature: 21.5 });
  });

  withCurl("learns by its report what was asked meanwhile", async () => {
    const lamp = await device("kitchen", PLAIN, LAMP);
    lamp.close();
    await lamp.closed();
    await run(`curl -X PUT -d 40 http://HUB:5000/api/devices/kitchen/properties/brightness`);
    expect(await run(`curl -d '{"temperature": 21.5}' http://HUB:5000/api/devices/kitchen/reports`)).toEqual({
      desired: { brightness: 40 },
    });
  });

  withCurl("reads and sets the light of the course page", async () => {
    expect(await run(`curl -d level=37 http://HUB:5000/led`)).toEqual({ level: 37 });
    expect(await run(`curl -d '{"level": 38}' http://HUB:5000/led`)).toEqual({ level: 38 });
    expect(await run(`curl -d '{"level": 39}' http://HUB:5000/led`)).toEqual({ level: 39 });
    expect(await run(`curl http://HUB:5000/led`)).toEqual({ level: 39 });
  });
});
