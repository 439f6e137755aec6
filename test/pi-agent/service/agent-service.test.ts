/** The agent's unit as systemd sees it, its access to the pins, and its files as they lie in the project. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { placesOf } from "#base/service/product.ts";
import { AGENT_OPTIONS } from "../../../pi-agent/config.ts";
import { agentService } from "../../../pi-agent/service/agent-service.ts";
import { describeAgent } from "../../../pi-agent/service/describe-agent.ts";
import { GPIO_ACCESS } from "../../../pi-agent/service/gpio-access.ts";
import { ROOT } from "../../support/sources.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { judgeUnit } from "../../support/unit-files.ts";

const newFolder = temporaryFolders();
const service = agentService({ options: AGENT_OPTIONS, describe: () => [] });
const unit = readFileSync(join(ROOT, service.unit), "utf8");

describe("the agent's unit", () => {
  const { verify, security } = judgeUnit(newFolder(), service.unit);

  it("is understood by systemd without a word", () => {
    expect(verify).toEqual({ code: 0, words: "" });
  });

  it("is exposed by 2.5 at most", () => {
    expect(security.words).toMatch(/Overall exposure level for pharos-agent\.service: [012]\.\d/);
    expect(security.code).toBe(0);
  });

  it("reads what the installer writes, and holds no secret itself", () => {
    const places = placesOf(service);
    expect(unit).toContain(`--config ${places.config} --data-dir ${places.state[0]}`);
    expect(unit).toContain(`LoadCredential=token:${places.secret}`);
    expect(unit).toContain(`ExecStart=/usr/bin/node ${places.program}/bin/pharos.js agent`);
    expect(unit).not.toMatch(/--token|PHAROS_TOKEN/);
  });
});

describe("the agent's program", () => {
  it("is in the project, but for what the build makes", () => {
    const written = service.files.filter((path) => !path.startsWith("dist/"));
    expect(written.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe("the access to the pins", () => {
  const ofRaspberryPiOs = `SUBSYSTEM=="gpio", GROUP="gpio", MODE="0660"
SUBSYSTEM=="gpio", KERNEL=="gpiochip*", ACTION=="add", PROGRAM="/bin/sh -c 'chgrp -R gpio /sys/class/gpio && chmod -R g=u /sys/class/gpio'"
SUBSYSTEM=="pwm", ACTION!="remove", PROGRAM="/bin/sh -c 'chgrp -R gpio /sys%p && chmod -R g=u /sys%p'"`;

  it("is given by Raspberry Pi OS, by an older one too", () => {
    expect(GPIO_ACCESS.isGivenBy(ofRaspberryPiOs)).toBe(true);
    const older = `SUBSYSTEM=="gpio", GROUP="gpio"\nSUBSYSTEM=="pwm*", PROGRAM="/bin/sh -c '\\\n chown -R root:gpio /sys/class/pwm'"`;
    expect(GPIO_ACCESS.isGivenBy(older)).toBe(true);
  });

  it("is not given without rules, or by half of them, or by a comment", () => {
    expect(GPIO_ACCESS.isGivenBy("")).toBe(false);
    expect(GPIO_ACCESS.isGivenBy('SUBSYSTEM=="gpio", GROUP="gpio"')).toBe(false);
    expect(GPIO_ACCESS.isGivenBy(ofRaspberryPiOs.replace(/^/gm, "# "))).toBe(false);
  });

  it("is given by our own rules", () => {
    expect(GPIO_ACCESS.isGivenBy(GPIO_ACCESS.rules)).toBe(true);
  });
});

describe("the agent in a few lines", () => {
  it("names hub and pins, and leaves out what there is none of", () => {
    const wiring = { outputs: [], switches: [{ name: "lamp", pin: 21 }], inputs: [] };
    expect(describeAgent({ hub: "http://h", driver: "auto" }, wiring)).toEqual([
      ["hub", "http://h"],
      ["switches", "lamp on GPIO21"],
      ["driver", "auto"],
    ]);
  });
});
