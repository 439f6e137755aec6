import type { NetworkInterfaceInfo } from "node:os";
import { describe, expect, it } from "@jest/globals";
import { findAddresses, type Place, welcome } from "../../cli/addresses.ts";

function ipv4(address: string, internal = false): NetworkInterfaceInfo {
  return { address, internal, family: "IPv4", netmask: "255.255.255.0", mac: "", cidr: null };
}

const LOOPBACK = { lo: [ipv4("127.0.0.1", true)] };
const PLACE: Place = {
  host: "::",
  port: 5000,
  lan: true,
  hostname: "bench.example.org",
  interfaces: { ...LOOPBACK, wlan0: [ipv4("192.168.1.7")] },
};
const TERMINAL = { columns: 80, colors: false };

describe("the addresses of a hub", () => {
  it("are this computer's, each LAN address and the name for mDNS", () => {
    expect(findAddresses(PLACE)).toEqual({
      local: "http://localhost:5000",
      lan: ["http://192.168.1.7:5000"],
      byName: "http://bench.local:5000",
    });
  });

  it("leave out container networks and put self-assigned ones last", () => {
    const interfaces = { eth1: [ipv4("169.254.3.4")], docker0: [ipv4("172.17.0.1")], eth0: [ipv4("10.0.0.9")] };
    expect(findAddresses({ ...PLACE, interfaces }).lan).toEqual(["http://10.0.0.9:5000", "http://169.254.3.4:5000"]);
  });

  it("are this computer's alone without a network", () => {
    expect(findAddresses({ ...PLACE, interfaces: LOOPBACK })).toMatchObject({ lan: [], byName: null });
  });

  it("are this computer's alone when the hub is not open to others", () => {
    expect(findAddresses({ ...PLACE, lan: false })).toMatchObject({ lan: [], byName: null });
    expect(findAddresses({ ...PLACE, host: "127.0.0.1" })).toMatchObject({ local: "http://127.0.0.1:5000", lan: [] });
  });

  it("are the one address that the hub was told to listen on", () => {
    expect(findAddresses({ ...PLACE, host: "192.168.1.7" })).toEqual({
      local: "http://192.168.1.7:5000",
      lan: ["http://192.168.1.7:5000"],
      byName: null,
    });
    expect(findAddresses({ ...PLACE, host: "fd00::7" }).local).toBe("http://[fd00::7]:5000");
  });
});

describe("the closing block", () => {
  const addresses = findAddresses(PLACE);

  it("lists the addresses, a QR code and how to stop", () => {
    const lines = welcome(addresses, true, TERMINAL, null).split("\n");
    expect(lines).toContain("  http://localhost:5000");
    expect(lines).toContain("  http://192.168.1.7:5000");
    expect(lines.filter((line) => /[▀▄█]/.test(line)).length).toBeGreaterThan(10);
    expect(lines.at(-1)).toBe("Stop with Ctrl+C");
  });

  it("fits its QR code into 40 columns, and leaves it out where it would fold", () => {
    const widest = (columns: number): number =>
      Math.max(
        ...welcome(addresses, true, { columns, colors: false }, null)
          .split("\n")
          .filter((line) => /[▀▄█]/.test(line))
          .map((line) => line.length),
        0,
      );
    expect(widest(40)).toBeLessThanOrEqual(40);
    expect(widest(40)).toBeGreaterThan(20);
    expect(widest(20)).toBe(0);
  });

  it("says that only this computer can open it, and why", () => {
    const alone = findAddresses({ ...PLACE, interfaces: LOOPBACK });
    expect(welcome(alone, true, TERMINAL, null)).toContain("This computer has no network: only it can open the page.");
    const closed = findAddresses({ ...PLACE, lan: false });
    expect(welcome(closed, false, TERMINAL, null)).toContain(
      "Only this computer can open it; let in the others with --open lan.",
    );
  });
});
