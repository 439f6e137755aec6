/** The hub's unit as systemd sees it, and the hub as it is installed: complete enough to run. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { parseRaw } from "#base/options.ts";
import { placesOf } from "#base/service/product.ts";
import { HUB_OPTIONS } from "../../../hub/base/config.ts";
import { hubService } from "../../../hub/service/hub-service.ts";
import { callOneself } from "../../../hub/service/self-call.ts";
import { eventually } from "../../support/eventually.ts";
import { buildBundles } from "../../support/pharos-process.ts";
import { bench, tree, writeSystem } from "../../support/service-bench.ts";
import { ROOT } from "../../support/sources.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { judgeUnit } from "../../support/unit-files.ts";

const newFolder = temporaryFolders();
const service = hubService({ options: HUB_OPTIONS, port: ({ port }) => port, describe: () => [] });

describe("the hub's unit", () => {
  const { verify, security } = judgeUnit(newFolder(), service.unit);

  it("is understood by systemd without a word", () => {
    expect(verify).toEqual({ code: 0, words: "" });
  });

  it("is exposed by 2.5 at most", () => {
    expect(security.words).toMatch(/Overall exposure level for pharos-hub\.service: [012]\.\d/);
    expect(security.code).toBe(0);
  });

  it("reads what the installer writes", () => {
    const places = placesOf(service);
    const unit = readFileSync(join(ROOT, service.unit), "utf8");
    expect(unit).toContain(
      `${places.program}/bin/pharos.js hub --config ${places.config} --data-dir ${places.state[0]}`,
    );
  });

  it.each([
    [80, ["20-port.conf"]],
    [5000, []],
    [0, []],
  ])("gets a capability for port %i only where it needs one", (port, names) => {
    expect(Object.keys(service.dropIns(parseRaw(HUB_OPTIONS, { port }, "")))).toEqual(names);
  });
});

describe("the installed hub", () => {
  beforeAll(buildBundles, 120_000);

  it("runs from its place alone, and is gone when it is removed", async () => {
    const root = writeSystem(newFolder());
    const before = tree(root);
    const one = bench(ROOT, undefined, {}, service);
    expect(await one.run("install", "--root", root, "--port", "0")).toBe(0);
    const command = join(root, "usr/lib/pharos-hub/pharos");
    const words = ["hub", "--config", join(root, "etc/pharos/hub.json"), "--data-dir", newFolder(), "--json-logs"];
    const hub = spawn(command, words, { env: { PATH: process.env.PATH } });
    // One that ends by itself has said why, and is not waited for.
    const ended = once(hub, "exit");
    let out = "";
    for (const stream of [hub.stdout, hub.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        out += text;
      });
    }
    try {
      await eventually(() => out.includes('"listening"') || hub.exitCode !== null, 20_000);
      expect(out).toContain('"listening"');
      const port = /"port":(\d+)/.exec(out)?.[1];
      const page = await fetch(`http://127.0.0.1:${port}/`);
      expect([page.status, (await page.text()).includes("<html")]).toEqual([200, true]);
    } finally {
      hub.kill("SIGTERM");
      await ended;
    }
    expect(await one.run("uninstall", "--root", root)).toBe(0);
    expect(tree(root)).toEqual(before);
  });
});

describe("the hub's call to itself", () => {
  it.each(["::", "0.0.0.0", "127.0.0.1"])(
    "reaches a hub that listens on %s, without asking for a name",
    async (host) => {
      let called = "";
      const server = createServer((request, response) => {
        called = request.headers.host ?? "";
        response.end();
      });
      server.listen(0, host);
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      await callOneself(host, port);
      expect(called).toBe(`127.0.0.1:${port}`);
      server.close();
    },
  );

  it("resolves when it answers, whatever it says, and rejects when nobody does", async () => {
    const server = createServer((_, response) => void response.writeHead(401).end());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await callOneself("127.0.0.1", port);
    server.close();
    await once(server, "close");
    await expect(callOneself("127.0.0.1", port)).rejects.toThrow("ECONNREFUSED");
  });
});
