import { describe, expect, it } from "@jest/globals";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { look, trouble } from "./look.ts";
import { healthyPi, hubReply, json, type MadeUpMachine, NOON, networkFault } from "./made-up-machine.ts";

const newFolder = temporaryFolders();
const pi = (model?: string): MadeUpMachine => healthyPi(newFolder(), model);

describe("the hub", () => {
  it("that answers is told with its version", async () => {
    expect((await look(pi())).of("hub")).toEqual([
      { check: "hub", verdict: "ok", what: "The hub at http://hub.local:5000 answers: Pharos 0.1.0" },
    ]);
  });

  const refusal = (status: number, code: string, message: string) => () => json(status, { error: { code, message } });
  it.each([
    [
      "no such name",
      () => networkFault("ENOTFOUND"),
      /no computer by the name hub\.local/,
      "sudo apt install -y libnss-mdns",
    ],
    [
      "refused",
      () => networkFault("ECONNREFUSED"),
      /Nothing listens at hub\.local:5000/,
      "Start the hub there: pharos hub",
    ],
    ["no way", () => networkFault("EHOSTUNREACH"), /no way to hub\.local/, "Check the network: ip route get hub.local"],
    [
      "silence",
      () => networkFault("ETIMEDOUT"),
      /does not answer within 5 s/,
      "Check address and firewall: ping -c 3 hub.local",
    ],
    [
      "not HTTP",
      () => networkFault("HPE_INVALID_CONSTANT"),
      /is no Pharos hub \(HPE_INVALID_CONSTANT\)/,
      "Name the hub: --hub http://ADDRESS:5000",
    ],
    [
      "another server",
      () => ({ status: 404, date: undefined, text: "<h1>It works!</h1>" }),
      /is no Pharos hub \(status 404\)/,
      "Name the hub: --hub http://ADDRESS:5000",
    ],
    [
      "another with healthz",
      (url: string) => (url.endsWith("healthz") ? json(200, { status: "ok" }) : json(200, {})),
      /no Pharos hub/,
      "Name the hub: --hub http://ADDRESS:5000",
    ],
    [
      "closed",
      refusal(401, "UNAUTHORIZED", "Sign in on the page, or give a token."),
      /Sign in on the page, or give a token \(UNAUTHORIZED\)$/,
      "On the hub's page: open Add a device, and approve this one while the agent runs; or give it a token with --token",
    ],
    [
      "another name",
      refusal(421, "BAD_HOST", "Not by that name."),
      /Not by that name \(BAD_HOST\)$/,
      "On the hub's computer: pharos hub --allow-host hub.local",
    ],
  ])("apart: %s", async (_, reply, what, remedy) => {
    const { of, works } = await look(Object.assign(pi(), { reply }));
    expect(of("hub")).toEqual([{ check: "hub", verdict: "fail", what: expect.stringMatching(what), remedy }]);
    expect(works).toBe(false);
  });

  it("by a name that the net does not know is to be named by its address", async () => {
    const machine = Object.assign(pi(), { reply: () => networkFault("EAI_AGAIN") });
    expect((await look(machine, { hub: "http://hub:5000" })).of("hub")[0]?.remedy).toBe(
      "Name the hub by its address: --hub http://ADDRESS:5000",
    );
  });
});

describe("the clock", () => {
  it.each([
    [90_000, "The clock is 90 s behind the hub's: 2026-06-01 12:00:00 UTC"],
    [-90_000, "The clock is 90 s ahead of the hub's: 2026-06-01 12:00:00 UTC"],
  ])("that differs by %i ms from the hub's", async (ms, what) => {
    const [found] = await trouble("clock", Object.assign(pi(), { reply: hubReply(ms) }));
    expect(found).toMatchObject({
      verdict: "note",
      what,
      remedy: expect.stringContaining("sudo timedatectl set-ntp true"),
    });
  });

  it("that was never set, or never synchronised", async () => {
    const unset = Object.assign(pi(), { time: Date.UTC(1970, 0, 1) });
    expect((await trouble("clock", unset))[0]?.what).toMatch(/^The clock is not set: 1970-01-01/);
    const lonely = pi().remove("/run/systemd/timesync/synchronized");
    expect((await trouble("clock", lonely))[0]).toMatchObject({ remedy: "sudo timedatectl set-ntp true" });
  });

  it("is told when there is no hub to compare with", async () => {
    const alone = Object.assign(pi(), { reply: () => networkFault("ECONNREFUSED") });
    expect((await look(alone)).of("clock")).toEqual([
      {
        check: "clock",
        verdict: "ok",
        what: `The clock says ${new Date(NOON).toISOString().slice(0, 19).replace("T", " ")} UTC`,
      },
    ]);
  });
});
