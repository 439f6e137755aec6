/** systemd's own judgement of a unit, without a running systemd. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { put } from "./service-bench.ts";
import { ROOT } from "./sources.ts";

export interface Judgement {
  readonly code: number | null;
  readonly words: string;
}

/** @param root an empty folder for the system in which the unit is looked at; @param unit its path in the project */
export function judgeUnit(root: string, unit: string): { verify: Judgement; security: Judgement } {
  const folder = join(root, "etc/systemd/system");
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(ROOT, unit), join(folder, basename(unit)));
  put(join(root, "usr/bin/node"), "", 0o755);
  for (const target of ["basic", "sysinit", "multi-user", "network", "shutdown"]) {
    put(join(folder, `${target}.target`), "[Unit]\nDefaultDependencies=no\n");
  }
  return {
    verify: analyze("verify", "--man=no", `--root=${root}`, basename(unit)),
    security: analyze("security", "--offline=true", "--threshold=25", "--no-pager", `--root=${root}`, basename(unit)),
  };
}

function analyze(...args: string[]): Judgement {
  const { status, stdout, stderr } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
  return { code: status, words: `${stdout}${stderr}` };
}
