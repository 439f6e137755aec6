/** Where a request comes from, with and without a proxy that is trusted. */
import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "@jest/globals";
import {
  calledHost,
  clientAddress,
  hostOf,
  isForwarded,
  isLoopback,
  isSecure,
} from "../../../hub/base/client-address.ts";

function request(headers: object, socket: object = { remoteAddress: "::ffff:10.0.0.9" }): IncomingMessage {
  return { headers, socket } as unknown as IncomingMessage;
}

describe("the address of a client", () => {
  it.each(["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])("%s is this computer", (address) => {
    expect(isLoopback(address)).toBe(true);
  });

  it.each(["192.168.1.7", "10.0.0.1", "::ffff:192.168.1.7", "fe80::1", "2001:db8::1", "128.0.0.1", "1.127.0.0", ""])(
    "%j is another",
    (address) => {
      expect(isLoopback(address)).toBe(false);
    },
  );

  it("is the peer's, whatever it claims", () => {
    expect(clientAddress(request({}), false)).toBe("10.0.0.9");
    expect(clientAddress(request({ "x-forwarded-for": "1.2.3.4" }), false)).toBe("10.0.0.9");
    expect(clientAddress(request({}, {}), false)).toBe("");
  });

  it("is the last that a trusted proxy saw, since those before it are the client's own words", () => {
    expect(clientAddress(request({ "x-forwarded-for": "9.9.9.9, 1.2.3.4" }), true)).toBe("1.2.3.4");
    expect(clientAddress(request({ "x-forwarded-for": "2001:db8::7" }), true)).toBe("2001:db8::7");
    for (const claimed of ["", "unknown", "1.2.3.4:80", "evil, "]) {
      expect(clientAddress(request({ "x-forwarded-for": claimed }), true)).toBe("10.0.0.9");
    }
  });

  it("says nothing when something passed the request on", () => {
    expect(isForwarded(request({}))).toBe(false);
    for (const name of ["x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-proto"]) {
      expect(isForwarded(request({ [name]: "x" }))).toBe(true);
    }
  });
});

describe("what the client called", () => {
  it.each([
    ["[::1]:5000", "::1"],
    ["Pi.local:80", "pi.local"],
    ["pi.local.", "pi.local"],
    ["10.0.0.1", "10.0.0.1"],
    ["", ""],
  ])("%j names %j", (header, host) => {
    expect(hostOf(header)).toBe(host);
  });

  it("is the name of the request, or the one that a trusted proxy was called by", () => {
    const headers = { host: "127.0.0.1:5000", "x-forwarded-host": "Pharos.example:443" };
    expect(calledHost(request(headers), false)).toBe("127.0.0.1");
    expect(calledHost(request(headers), true)).toBe("pharos.example");
    expect(calledHost(request({ host: "hub" }), true)).toBe("hub");
  });

  it("is called by TLS when the socket is, or a trusted proxy says so", () => {
    expect(isSecure(request({}, { encrypted: true }), false)).toBe(true);
    expect(isSecure(request({ "x-forwarded-proto": "https" }), true)).toBe(true);
    expect(isSecure(request({ "x-forwarded-proto": "https" }), false)).toBe(false);
    expect(isSecure(request({ "x-forwarded-proto": "https, http" }), true)).toBe(false);
  });
});
