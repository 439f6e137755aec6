/** The service, the user it runs as, and its data folder. */
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { smallDisk } from "../../support/small-disk.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { look, trouble } from "./look.ts";
import { healthyPi, type MadeUpMachine } from "./made-up-machine.ts";

const newFolder = temporaryFolders();
const pi = (model?: string): MadeUpMachine => healthyPi(newFolder(), model);

describe("permissions", () => {
  it("of a user who is not in the group gpio", async () => {
    const stranger = Object.assign(pi(), { user: { name: "ada", uid: 1001, groups: [4242] } });
    expect(await trouble("permissions", stranger)).toEqual([
      expect.objectContaining({ verdict: "note", remedy: "sudo usermod -aG gpio ada, then log in again" }),
    ]);
    const root = Object.assign(pi(), { user: { name: "root", uid: 0, groups: [0] } });
    expect(await trouble("permissions", root)).toEqual([]);
  });

  it("where there is no group gpio", async () => {
    const bare = pi().put("/etc/group", "root:x:0:\n");
    expect(await trouble("permissions", bare)).toEqual([
      expect.objectContaining({ verdict: "note", remedy: "sudo groupadd --system gpio" }),
    ]);
    expect(await trouble("permissions", bare.service(), { source: "service" })).toEqual([
      expect.objectContaining({ verdict: "fail", remedy: expect.stringMatching(/^sudo groupadd --system gpio && /) }),
    ]);
  });

  it("of the service, when the group gpio may not write the files", async () => {
    const closed = pi().service().mode("/sys/class/gpio/export", 0o700);
    expect(await trouble("permissions", closed, { source: "service" })).toEqual([
      expect.objectContaining({
        verdict: "fail",
        what: expect.stringContaining("/sys/class/gpio/export"),
        remedy: "sudo pharos agent install && sudo reboot",
      }),
    ]);
  });

  it("of the service, looked at by somebody who may less", async () => {
    const stranger = Object.assign(pi().service(), { user: { name: "ada", uid: 1001, groups: [4242] } });
    expect(await trouble("permissions", stranger, { source: "service" })).toEqual([
      expect.objectContaining({ verdict: "note", remedy: "sudo pharos agent doctor" }),
    ]);
  });

  it("of the service that a drop-in makes root", async () => {
    const root = pi().service().put("/etc/systemd/system/pharos-agent.service.d/pigpio.conf", "[Service]\nUser=root\n");
    expect((await look(root, { source: "service" })).of("permissions")).toEqual([
      { check: "permissions", verdict: "ok", what: "The service runs as root, by a drop-in" },
    ]);
  });
});

describe("the service", () => {
  const UNIT = "/etc/systemd/system/pharos-agent.service";

  it("that is not installed", async () => {
    expect(await trouble("service", pi())).toEqual([
      expect.objectContaining({ verdict: "note", remedy: "sudo ./pharos agent install --hub http://hub.local:5000" }),
    ]);
    expect((await look(pi().remove("/run/systemd/system"))).of("service")).toEqual([]);
  });

  it.each([
    ["is not enabled", "/etc/systemd/system/multi-user.target.wants", "sudo systemctl enable --now pharos-agent"],
    ["does not run", "/sys/fs/cgroup", "sudo systemctl restart pharos-agent; journalctl -u pharos-agent -n 30"],
  ])("that %s", async (_, path, remedy) => {
    expect(await trouble("service", pi().service().remove(path), { source: "service" })).toEqual([
      expect.objectContaining({ verdict: "note", remedy }),
    ]);
  });

  it.each([
    ["/usr/lib/pharos-agent/bin/pharos.js", "sudo ./pharos agent install"],
    ["/usr/bin/node", "sudo apt install -y nodejs"],
    [
      "/etc/pharos/agent.token",
      "sudo install -m 600 /dev/null /etc/pharos/agent.token && sudo systemctl restart pharos-agent",
    ],
  ])("that lacks %s cannot start", async (path, remedy) => {
    expect(await trouble("service", pi().service().remove(path), { source: "service" })).toEqual([
      { check: "service", verdict: "fail", what: `The service cannot start: there is no ${path}`, remedy },
    ]);
  });

  it("that a package brought, and that nobody has given options", async () => {
    const fresh = pi().service().remove("/etc/pharos").remove("/etc/systemd/system/multi-user.target.wants");
    expect(await trouble("service", fresh)).toEqual([
      expect.objectContaining({ verdict: "note", remedy: "sudo pharos agent install --hub http://hub.local:5000" }),
    ]);
  });

  it("that may not read its options cannot start, unless it is root", async () => {
    const closed = pi().service().mode("/etc/pharos/agent.json", 0o600);
    expect(await trouble("service", closed, { source: "service" })).toEqual([
      expect.objectContaining({
        verdict: "fail",
        remedy: "sudo chmod 644 /etc/pharos/agent.json && sudo systemctl restart pharos-agent",
      }),
    ]);
    closed.put("/etc/systemd/system/pharos-agent.service.d/pigpio.conf", "[Service]\nUser=root\n");
    expect(await trouble("service", closed, { source: "service" })).toEqual([]);
  });

  it("of a package, with another Node.js", async () => {
    const packaged = pi()
      .service()
      .remove(UNIT)
      .put("/usr/lib/systemd/system/pharos-agent.service")
      .remove("/usr/bin/node")
      .put(`${UNIT}.d/10-node.conf`, "[Service]\nExecStart=\nExecStart=/opt/node/bin/node\n");
    expect(await trouble("service", packaged, { source: "service" })).toEqual([]);
  });
});

describe("the data folder", () => {
  it("is looked for from the folder in which the doctor is called", async () => {
    expect((await look(pi(), { dataDir: "data" })).of("data")[0]?.what).toContain(`${join(process.cwd(), "data")} can`);
  });

  it("on a disk that is read-only", async () => {
    const mounts = "/dev/mmcblk0p2 / ext4 rw 0 0\ntmpfs /home tmpfs rw 0 0\noverlay /home/pi overlay ro,noatime 0 0\n";
    const [found] = await trouble("data", pi().put("/proc/mounts", mounts));
    expect(found).toMatchObject({ verdict: "note", what: "/home/pi/data is on a disk that is read-only" });
    expect(found?.remedy).toContain("remount,rw");
    expect(await trouble("data", pi().put("/proc/mounts", mounts), { dataDir: "/srv" })).toEqual([]);
  });

  it("on a disk that is full", async () => {
    expect(await trouble("data", Object.assign(pi(), { free: 12_000_000 }))).toEqual([
      expect.objectContaining({
        what: "The disk of /home/pi/data is full: 12 MB are left",
        remedy: "sudo du -xh / | sort -h | tail -20",
      }),
    ]);
  });

  const disk = smallDisk(newFolder);
  disk.it("that the user may not write", async () => {
    const closed = healthyPi(disk.folder);
    disk.setReadOnly(true);
    expect(await trouble("data", closed)).toEqual([
      {
        check: "data",
        verdict: "note",
        what: "pi cannot write to /home/pi/data (EROFS)",
        remedy: "sudo mkdir -p /home/pi/data && sudo chown pi /home/pi/data",
      },
    ]);
    disk.setReadOnly(false);
  });

  it("that is a file", async () => {
    expect(await trouble("data", pi().put("/home/pi/data", "").mode("/home/pi/data", 0o644))).toEqual([
      expect.objectContaining({ what: expect.stringContaining("/home/pi/data is a file") }),
    ]);
  });
});
