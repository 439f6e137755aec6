/** The agent as a service: its files and what it needs of the system. Called by main.ts. */
import type { OptionTable, OptionValues } from "#base/options.ts";
import type { Product } from "#base/service/product.ts";
import { GPIO_ACCESS } from "./gpio-access.ts";

export interface AgentServiceParts<T extends OptionTable> {
  readonly options: T;
  /** The address of the hub and a line for each output and input. @throws UsageError when options do not go together */
  describe(options: OptionValues<T>): readonly (readonly [string, string])[];
}

/** What `pharos agent install` installs. */
export function agentService<T extends OptionTable>({ options, describe }: AgentServiceParts<T>): Product<T> {
  return {
    word: "agent",
    oldestNode: "18.13.0",
    nodeRemedy: "Install the system's own: sudo apt install nodejs.",
    options,
    secret: "token",
    files: ["pharos", "bin/pharos.js", "dist/bundles/agent.js", "pi-agent/systemd", "LICENSE"],
    unit: "pi-agent/systemd/pharos-agent.service",
    // The driver `pigpio`, where somebody has installed it there.
    keeps: ["node_modules", "package-lock.json"],
    access: GPIO_ACCESS,
    dropIns: () => ({}),
    describe,
  };
}
