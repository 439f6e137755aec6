/** Tries the packages in a clean Debian 12 with systemd and Node.js 18, against a hub outside: `npm run package -- --check`. */
import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ROOT } from "../build.mjs";
import { Fault, seconds } from "../fault.mjs";
import { CleanRoot, makeRootArchive, requireTools } from "./clean-root.mjs";

const ARCHIVE = join(ROOT, "node_modules/.cache/pharos-clean-root/bookworm.tar");
const ID = "clean-root";
/** What changes by itself, and what apt and systemd keep of any package. */
const UNWATCHED = [
  "/proc",
  "/sys",
  "/dev",
  "/run",
  "/tmp",
  "/var/tmp",
  "/var/log",
  "/var/cache",
  "/var/lib/apt",
  "/var/lib/dpkg",
  "/var/lib/systemd",
  "/root",
  "/opt",
];

/**
 * @param {import("../package.mjs").Packages} packages
 * @param {(line: string) => void} say
 * @throws {Fault} naming what is not as it should be
 */
export async function checkPackages({ deb, tarball }, say) {
  const start = performance.now();
  requireTools();
  makeRootArchive(ARCHIVE);
  const root = new CleanRoot();
  const hub = new OutsideHub();
  try {
    root.unpack(ARCHIVE);
    for (const path of [deb, tarball]) copyFileSync(path, join(root.folder, "opt", basename(path)));
    await Promise.all([root.boot(), hub.start()]);
    const before = snapshot(root);
    await tryDeb(root, hub, `/opt/${basename(deb)}`);
    requireSame(before, snapshot(root), "the purge");
    say("✓ the Debian package: installs, runs, survives removal and return, and leaves nothing");
    await tryTarball(root, hub, basename(tarball), `/opt/${basename(deb)}`);
    requireSame(before, snapshot(root), "the removal");
    say(
      "✓ the tarball: installs as a service, is restarted after a hang, gives way to the package, and leaves nothing",
    );
    say(`In a clean Debian 12 with ${root.do("node --version").trim()}, ${seconds(start)}.`);
  } finally {
    await hub.close();
    await root.close();
  }
}

/**
 * @param {CleanRoot} root
 * @param {OutsideHub} hub
 * @param {string} deb
 */
async function tryDeb(root, hub, deb) {
  const words = root.do(`apt-get install -y -qq ${deb}`);
  expect(
    words.includes("sudo pharos agent install --hub http://HOST:5000"),
    "the installation says what to do next",
    words,
  );
  expect(root.try("pharos agent status").code === 3, "the agent waits for its first options");
  expect(root.do("pharos agent --help").includes("--hub"), "the help is there");
  const doctor = root.try("pharos agent doctor").output;
  expect(/node/i.test(doctor), "the doctor speaks", doctor);
  root.do(`pharos agent install --hub ${hub.url} --driver simulated --id ${ID}`);
  await hub.moves(ID, 40);
  expect(
    root.do(`pharos agent install --hub ${hub.url}`).includes("Nothing to do"),
    "a second installation does nothing",
  );
  const pid = mainPid(root);
  root.do(`apt-get install -y -qq --reinstall ${deb}`);
  expect(mainPid(root) !== pid, "an upgrade restarts the agent");
  await hub.moves(ID, 60);
  root.do("apt-get remove -y -qq pharos-agent");
  expect(root.try("test -e /etc/pharos/agent.json").code === 0, "a removal leaves the options");
  root.do(`apt-get install -y -qq ${deb}`);
  await hub.moves(ID, 20);
  root.do("apt-get purge -y -qq pharos-agent");
}

/**
 * @param {CleanRoot} root
 * @param {OutsideHub} hub
 * @param {string} archive
 * @param {string} deb
 */
async function tryTarball(root, hub, archive, deb) {
  const folder = `/opt/${archive.replace(".tar.gz", "")}`;
  root.do(`tar xzf /opt/${archive} -C /opt`);
  const agent = root.do(`${folder}/pharos agent install --hub ${hub.url} --driver simulated --id ${ID}`);
  expect(agent.includes("runs"), "the installation says that it runs", agent);
  root.do(`rm -r ${folder}`);
  await hub.moves(ID, 70);
  await tryHang(root, hub);
  root.do(`apt-get install -y -qq ${deb}`);
  expect(root.try("test -e /etc/systemd/system/pharos-agent.service").code !== 0, "the package's unit is the only one");
  await hub.moves(ID, 30);
  root.do("apt-get purge -y -qq pharos-agent");
  root.do(`tar xzf /opt/${archive} -C /opt`);
  root.do(`${folder}/pharos agent install --hub ${hub.url} --driver simulated --id ${ID}`);
  root.do("pharos agent uninstall");
}

/**
 * A stopped process feeds no watchdog; the shorter time is the test's.
 * @param {CleanRoot} root
 * @param {OutsideHub} hub
 */
async function tryHang(root, hub) {
  const dropIn = "/run/systemd/system/pharos-agent.service.d";
  root.do(
    `mkdir -p ${dropIn} && printf '[Service]\\nWatchdogSec=4\\n' > ${dropIn}/test.conf && systemctl daemon-reload && systemctl restart pharos-agent`,
  );
  const pid = mainPid(root);
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect(mainPid(root) === pid, "a working agent is not restarted");
  root.do(`kill -STOP ${pid}`);
  const status = "systemctl show --property=MainPID --value pharos-agent";
  root.do(`for i in $(seq 40); do sleep 0.5; p=$(${status}); [ $p != 0 ] && [ $p != ${pid} ] && exit 0; done; exit 1`);
  root.do(`rm -r ${dropIn} && systemctl daemon-reload`);
  await hub.moves(ID, 80);
}

/** @param {CleanRoot} root */
function mainPid(root) {
  const pid = root.do("systemctl show --property=MainPID --value pharos-agent").trim();
  expect(pid !== "0", "the agent runs", root.try("pharos agent status").output);
  return pid;
}

/**
 * Every file that lasts, and the groups.
 * @param {CleanRoot} root
 */
function snapshot(root) {
  const pruned = UNWATCHED.map((path) => `-path ${path}`).join(" -o ");
  return root.do(
    `find / \\( ${pruned} \\) -prune -o -print | grep -v -e '-$' -e '/etc/.pwd.lock' | sort; cut -d: -f1 /etc/group`,
  );
}

/**
 * @param {string} before
 * @param {string} after
 * @param {string} what
 */
function requireSame(before, after, what) {
  const [had, has] = [before.split("\n"), after.split("\n")];
  const left = has.filter((line) => !had.includes(line));
  const lost = had.filter((line) => !has.includes(line));
  expect(
    left.length + lost.length === 0,
    `${what} leaves everything as it was`,
    `left: ${left.join(" ")}\nlost: ${lost.join(" ")}`,
  );
}

/**
 * @param {boolean} isSo
 * @param {string} what
 * @param {string} [seen]
 */
function expect(isSo, what, seen = "") {
  if (!isSo) throw new Fault(`${seen}\nNot so in the clean root: ${what}.`);
}

/** The hub of this clone, outside the clean root. */
class OutsideHub {
  url = "";
  #folder = mkdtempSync(join(tmpdir(), "pharos-hub-"));
  /** @type {import("node:child_process").ChildProcess | null} */
  #child = null;

  async start() {
    const words = ["hub", "--open", "--host", "127.0.0.1", "--port", "0", "--json-logs", "--data-dir", this.#folder];
    const child = spawn(process.execPath, [join(ROOT, "bin/pharos.js"), ...words], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child = child;
    const port = await new Promise((resolve, reject) => {
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
        const line = /"event":"listening".*?"port":(\d+)|"port":(\d+).*?"event":"listening"/.exec(text);
        if (line) resolve(line[1] ?? line[2]);
      });
      child.once("exit", () => reject(new Fault("The hub outside does not start.")));
    });
    this.url = `http://127.0.0.1:${port}`;
  }

  /**
   * Asks the device for a brightness until it reports it.
   * @param {string} id
   * @param {number} level
   */
  async moves(id, level) {
    const device = `${this.url}/api/devices/${id}`;
    const end = Date.now() + 20_000;
    let seen = "";
    while (Date.now() < end) {
      await fetch(`${device}/properties/brightness`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ value: level }),
      }).catch(() => {});
      const response = await fetch(device).catch(() => null);
      seen = response === null ? "no answer" : await response.text();
      if (response?.ok) {
        const { presence, reported } = JSON.parse(seen);
        if (presence === "online" && reported?.brightness === level) return;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Fault(`${seen}\nThe agent in the clean root does not do what the hub says: brightness ${level}.`);
  }

  async close() {
    this.#child?.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
