/** The agent's options as the doctor's subject, for tests of the doctor: as main.ts makes it. */
import type { AgentConfig } from "../../../pi-agent/config.ts";
import type { Subject } from "../../../pi-agent/doctor/subject.ts";
import { wantsOf, wiringOf } from "../../../pi-agent/wiring.ts";

export function subjectOf(config: AgentConfig): Omit<Subject, "source"> {
  const { driver, hub, dataDir, pigpiodHost, pigpiodPort } = config;
  return { driver, hub, dataDir, pigpiodHost, pigpiodPort, pins: wantsOf(wiringOf(config)) };
}
