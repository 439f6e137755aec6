/** By which name and from which page a request may come: Host and Origin (protocol 2.2). */
import type { IncomingMessage } from "node:http";
import { hostname } from "node:os";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readOptions } from "#base/options.ts";
import { PharosError } from "#protocol/errors.ts";
import { HUB_OPTIONS } from "../../../hub/base/config.ts";
import { createGate } from "../../../hub/base/gate.ts";

interface Coming {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly wants?: "device" | "control";
  readonly hasToken?: boolean;
}

/** `ok`, or the code of the refusal. */
function verdict(args: readonly string[], { wants = "device", hasToken = false, ...headers }: Coming): string {
  const gate = createGate(readOptions(HUB_OPTIONS, args, {}));
  try {
    gate({ socket: {}, headers } as unknown as IncomingMessage, wants, hasToken);
    return "ok";
  } catch (error) {
    return error instanceof PharosError ? error.code : String(error);
  }
}

describe("the Host of a request", () => {
  const short = hostname().toLowerCase().split(".")[0] ?? "";

  it.each([
    "127.0.0.1",
    "192.168.1.5:5000",
    "[::1]",
    "[::1]:5000",
    "[fe80::1]:5000",
    "localhost",
    "LOCALHOST:5000",
    "localhost.",
    "hub.localhost:5000",
    short,
    `${short}.local:5000`,
  ])("may be %s", (host) => {
    expect(verdict([], { host })).toBe("ok");
  });

  it.each([
    undefined,
    "",
    "evil.example",
    "evil.example:5000",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evillocalhost",
    "[::1",
    "[evil.example]",
    "1.2.3",
    "999.1.1.1",
    "127.0.0.1@evil.example",
    ":5000",
    "::",
  ])("may not be %j", (host) => {
    expect(verdict([], { host })).toBe("BAD_HOST");
  });

  it("may be a name that was allowed, in any case", () => {
    expect(verdict(["--allow-host", "Pharos.Example"], { host: "pharos.example:80" })).toBe("ok");
    expect(verdict(["--allow-host", "pharos.example"], { host: "other.example" })).toBe("BAD_HOST");
  });

  it("is never trusted when it is a foreign name, whatever it looks like", () => {
    const label = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), fc.constantFrom("", ":80", "."), (labels, end) => {
        expect(verdict([], { host: `${labels.join(".")}.example${end}` })).toBe("BAD_HOST");
      }),
    );
  });
});

describe("the Origin of a request", () => {
  it.each([undefined, "Espruino", "file://", "null"])(
    "of a device may be %j, as clients without a page send it",
    (origin) => {
      expect(verdict([], { host: "127.0.0.1:5000", origin })).toBe("ok");
    },
  );

  it.each(["Espruino", "file://", "null"])(
    "of one that commands devices may be %j only where it was allowed",
    (origin) => {
      expect(verdict([], { host: "127.0.0.1:5000", origin, wants: "control" })).toBe("BAD_ORIGIN");
      expect(verdict(["--allow-origin", "null"], { host: "127.0.0.1", origin: "null", wants: "control" })).toBe("ok");
      expect(verdict([], { host: "127.0.0.1:5000", wants: "control" })).toBe("ok");
    },
  );

  it.each([
    ["127.0.0.1:5000", "http://127.0.0.1:5000"],
    ["127.0.0.1:5000", "http://127.0.0.1"],
    ["127.0.0.1", "https://127.0.0.1"],
    ["[::1]:5000", "http://[::1]:5000"],
    ["LocalHost:5000", "http://localhost:5000"],
    ["192.168.1.5:5000", "http://192.168.1.5:5000"],
  ])("of a request to %s may be the hub's own %s", (host, origin) => {
    expect(verdict([], { host, origin })).toBe("ok");
  });

  it.each([
    "http://evil.example",
    "https://evil.example:5000",
    "http://127.0.0.1.evil.example",
    "http://evil.example/127.0.0.1",
    "http://127.0.0.1@evil.example",
    "http://127.0.0.2:5000",
    "http://localhost:5000",
    "ftp://127.0.0.1",
    "ws://127.0.0.1",
    "127.0.0.1",
    "",
    "Null",
    "espruino",
    "file:///etc",
    "http://",
    "http:///127.0.0.1",
  ])("of a request to 127.0.0.1 may not be %j", (origin) => {
    expect(verdict([], { host: "127.0.0.1:5000", origin })).toBe("BAD_ORIGIN");
  });

  it("may be one that was allowed, with or without the slash at its end, and no other", () => {
    const args = ["--allow-origin", "https://Lab.example/", "--allow-origin", "http://other.example:81"];
    expect(verdict(args, { host: "127.0.0.1", origin: "https://lab.example" })).toBe("ok");
    expect(verdict(args, { host: "127.0.0.1", origin: "http://other.example:81" })).toBe("ok");
    expect(verdict(args, { host: "127.0.0.1", origin: "http://lab.example" })).toBe("BAD_ORIGIN");
    expect(verdict(args, { host: "127.0.0.1", origin: "http://other.example" })).toBe("BAD_ORIGIN");
  });

  it("helps nobody past a wrong Host", () => {
    expect(verdict([], { host: "evil.example", origin: "http://evil.example" })).toBe("BAD_HOST");
  });

  it("may be any for a device with a token, which no foreign page has; but not for what commands devices", () => {
    const coming = { host: "127.0.0.1", origin: "https://lab.example", hasToken: true };
    expect(verdict([], coming)).toBe("ok");
    expect(verdict([], { ...coming, wants: "control" })).toBe("BAD_ORIGIN");
    expect(verdict([], { ...coming, host: "evil.example" })).toBe("BAD_HOST");
  });

  it("is compared with the name that a trusted proxy was called by, and with no other", () => {
    const coming = { host: "127.0.0.1:5000", "x-forwarded-host": "pharos.example", origin: "https://pharos.example" };
    expect(verdict(["--trust-proxy", "--allow-host", "pharos.example"], coming)).toBe("ok");
    expect(verdict(["--trust-proxy"], coming)).toBe("BAD_HOST");
    expect(verdict(["--allow-host", "pharos.example"], coming)).toBe("BAD_ORIGIN");
  });

  it("is refused when it is a foreign site, whatever it looks like", () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ["http", "https"] }), (url) => {
        expect(verdict([], { host: "127.0.0.1:5000", origin: new URL(url).origin })).toBe("BAD_ORIGIN");
      }),
    );
  });
});
