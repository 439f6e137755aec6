/** Settings of an agent as tests want them: one light on GPIO21, and nothing that happens by itself but heartbeats. */
import type { AgentSettings } from "../../pi-agent/agent.ts";
import type { LastLevels } from "../../pi-agent/last-levels.ts";

export function agentSettings(hub: string, changed: Partial<AgentSettings> = {}): AgentSettings {
  return {
    hub,
    id: "pi-lab",
    token: null,
    name: null,
    rooms: [],
    model: "Raspberry Pi 3 Model B",
    software: "pharos-agent 0.0.0-test",
    outputs: [{ name: "brightness", pin: 21, use: "pwm", limits: { minPower: 0, maxPower: 1 } }],
    switches: [],
    inputs: [],
    transitionMs: 0,
    restore: "last",
    onDisconnect: "hold",
    heartbeatIntervalMs: 5_000,
    sensorIntervalMs: 0,
    ...changed,
  };
}

/** Levels that are kept in a map, for tests to look into. */
export function levelsIn(levels: Map<string, number>): LastLevels {
  return {
    get: (name) => levels.get(name),
    put: (name, level) => void levels.set(name, level),
    close: async () => {},
  };
}
