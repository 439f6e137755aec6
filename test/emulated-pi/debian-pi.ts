/** An emulated Pi with Debian and the agent as its service, for service.pi.ts. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type DebianImage, writeCard } from "../../scripts/emulated-pi/debian-image.mjs";
import { Machine } from "../../scripts/emulated-pi/machine.mjs";
import { ROOT } from "../support/sources.ts";
import { BOOT_MS } from "./bench.ts";

/** No word of systemd, and no login, on the line that the tests speak on. */
const QUIET = "systemd.show_status=0 systemd.getty_auto=0";
const SERVICE = "pharos-agent";

function run(program: string, ...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stdout}${stderr}`);
}

/**
 * Writes an SD card as somebody does who prepares it before the Pi is switched on: Debian, and `pharos agent install --root` on it.
 * @param options of `pharos agent install`
 * @returns path of the card
 */
export function prepareCard(image: DebianImage, folder: string, options: readonly string[]): string {
  const [root, card] = [join(folder, "root"), join(folder, "card")];
  run("cp", "--archive", image.root, root);
  run(process.execPath, join(ROOT, "bin/pharos.js"), "agent", "install", "--root", root, ...options);
  writeCard(root, card);
  return card;
}

/** One power-on of the card. */
export class DebianPi {
  readonly machine = new Machine();

  async powerOn(image: DebianImage, card: string): Promise<void> {
    await this.machine.start({ ...image, disk: card, append: QUIET }, BOOT_MS);
  }

  /** Waits until systemd says that the service is ready, and has nothing else to do. @returns seconds since the kernel started */
  async ready(): Promise<number> {
    const look = `systemctl is-active ${SERVICE} >/dev/null`;
    await this.machine.run(`until ${look}; do sleep 0.5; done; systemctl is-system-running --wait || true`, BOOT_MS);
    return Number(await this.property("ActiveEnterTimestampMonotonic")) / 1e6;
  }

  /** One property of the service, as systemd knows it. */
  property(name: string): Promise<string> {
    return this.machine.run(`systemctl show ${SERVICE} -p ${name} --value`);
  }

  /** A line of /proc/PID/status of the agent. */
  async processLine(name: string): Promise<string> {
    const pid = await this.property("MainPID");
    return (await this.machine.run(`grep ^${name}: /proc/${pid}/status`)).split(":")[1]?.trim() ?? "";
  }

  systemctl(verb: string): Promise<string> {
    return this.machine.run(`systemctl ${verb} ${SERVICE}`, BOOT_MS);
  }

  /** The end of the service's log, for a failure. */
  log(): Promise<string> {
    return this.machine.run(`journalctl -u ${SERVICE} --no-pager -o cat | tail -n 40`, BOOT_MS);
  }
}
