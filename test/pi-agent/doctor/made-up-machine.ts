/** Computers that exist only as files in a folder, for tests of the doctor. */
import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Machine, WebAnswer } from "../../../pi-agent/doctor/machine.ts";
import type { Subject } from "../../../pi-agent/doctor/subject.ts";

export const NOON = Date.UTC(2026, 5, 1, 12);
const UPTIME_S = 86_400;
export const CONFIG = "/boot/firmware/config.txt";
/** The number of the group gpio: one that this process may give to files. */
const GPIO = process.getgid?.() ?? 0;

export type Reply = (url: string) => WebAnswer | Error;

export class MadeUpMachine implements Machine {
  readonly root: string;
  release = "6.6.74+rpt-rpi-v8";
  node = "20.19.2";
  user = { name: "pi", uid: 1000, groups: [GPIO] };
  free: number | null = 12_345_678_900;
  time = NOON;
  reply: Reply = hubReply();
  readonly asked: string[] = [];

  constructor(root: string) {
    this.root = root;
  }

  now(): number {
    return this.time;
  }

  freeBytes(): number | null {
    return this.free;
  }

  async get(url: string): Promise<WebAnswer> {
    this.asked.push(url);
    const answer = this.reply(url);
    if (answer instanceof Error) throw answer;
    return answer;
  }

  /** @param text null makes a folder of it */
  put(path: string, text: string | null = ""): this {
    const at = join(this.root, path);
    mkdirSync(dirname(at), { recursive: true });
    if (text === null) mkdirSync(at, { recursive: true });
    else writeFileSync(at, text);
    return this;
  }

  link(path: string, to: string): this {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    symlinkSync(to, join(this.root, path));
    return this;
  }

  remove(path: string): this {
    rmSync(join(this.root, path), { recursive: true, force: true });
    return this;
  }

  mode(path: string, mode: number): this {
    chmodSync(join(this.root, path), mode);
    return this;
  }

  /** config.txt as it was at the start of the computer, or as it was changed since. */
  boot(lines: readonly string[], isNew = false): this {
    this.put(CONFIG, `# For more options see http://rptl.io/configtxt\n${lines.join("\n")}\n`);
    const at = (NOON - (isNew ? 60_000 : 2 * UPTIME_S * 1000)) / 1000;
    utimesSync(join(this.root, CONFIG), at, at);
    return this;
  }

  /** What the overlay `pwm-gpio` makes of a pin. */
  pwmChip(pin: number): this {
    const device = `/sys/devices/platform/pwm_gpio@${pin.toString(16)}`;
    return this.put(device, null)
      .put(`/sys/class/pwm/pwmchip${pin}/npwm`, "1\n")
      .put(`/sys/class/pwm/pwmchip${pin}/export`)
      .mode(`/sys/class/pwm/pwmchip${pin}/export`, 0o770)
      .link(`/sys/class/pwm/pwmchip${pin}/device`, `../../../devices/platform/pwm_gpio@${pin.toString(16)}`);
  }

  /** The agent as a service that runs. */
  service(config: object = { hub: "http://hub.local:5000" }): this {
    const unit = "pharos-agent.service";
    return this.put("/run/systemd/system", null)
      .put(`/etc/systemd/system/${unit}`, "[Service]\nExecStart=/usr/bin/node\n")
      .link(`/etc/systemd/system/multi-user.target.wants/${unit}`, `../${unit}`)
      .put(`/sys/fs/cgroup/system.slice/${unit}/cgroup.procs`, "812\n")
      .put("/usr/lib/pharos-agent/bin/pharos.js")
      .put("/usr/bin/node")
      .put("/etc/pharos/agent.token")
      .put("/etc/pharos/agent.json", JSON.stringify(config))
      .put("/var/lib/private/pharos-agent", null)
      .link("/var/lib/pharos-agent", "private/pharos-agent");
  }
}

/** A Pi on which everything is as it should be. */
export function healthyPi(root: string, model = "Raspberry Pi 4 Model B Rev 1.4"): MadeUpMachine {
  return new MadeUpMachine(root)
    .put("/proc/device-tree/model", `${model}\0`)
    .put("/proc/uptime", `${UPTIME_S}.00 300000.00\n`)
    .put("/proc/mounts", "/dev/mmcblk0p2 / ext4 rw,noatime 0 0\n")
    .put("/etc/os-release", 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n')
    .put("/etc/group", `root:x:0:\ngpio:x:${GPIO}:pi\n`)
    .put("/boot/firmware/overlays/pwm-gpio.dtbo")
    .boot(["dtparam=audio=on", "[cm4]", "otg_mode=1", "[all]", "dtoverlay=pwm-gpio,gpio=21"])
    .put("/sys/devices/platform/soc/soc:firmware/get_throttled", "0\n")
    .put("/sys/class/gpio/gpiochip512/label", "pinctrl-bcm2711\n")
    .put("/sys/class/gpio/gpiochip512/base", "512\n")
    .put("/sys/class/gpio/export")
    .mode("/sys/class/gpio/export", 0o770)
    .pwmChip(21)
    .put("/run/systemd/system", null)
    .put("/run/systemd/timesync/synchronized")
    .put("/home/pi", null);
}

export const SUBJECT: Subject = {
  driver: "auto",
  pins: [{ name: "brightness", pin: 21, use: "pwm" }],
  hub: "http://hub.local:5000",
  dataDir: "/home/pi/data",
  pigpiodHost: "127.0.0.1",
  // Nothing listens there.
  pigpiodPort: 1,
  source: "options",
};

/** A hub whose clock differs by so many ms. */
export function hubReply(clockDifferenceMs = 0): Reply {
  const date = new Date(NOON + clockDifferenceMs).toUTCString();
  const about = { info: { title: "Pharos", version: "0.1.0" } };
  return (url) => ({ ...json(200, url.endsWith("/healthz") ? { status: "ok" } : about), date });
}

export function json(status: number, body: object): WebAnswer {
  return { status, date: undefined, text: JSON.stringify(body) };
}

/** What the network says when it says no. */
export function networkFault(code: string): Error {
  return Object.assign(new Error(code), { code });
}
