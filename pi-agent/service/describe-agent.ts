/** The agent's options in a few lines, for who installs it or asks for its status. Called by main.ts. */

interface Pin {
  readonly name: string;
  readonly pin: number;
}

export interface AgentOutline {
  readonly hub: string;
  readonly driver: string;
}

export interface PinOutline {
  readonly outputs: readonly Pin[];
  readonly switches: readonly Pin[];
  readonly inputs: readonly Pin[];
}

/** A label and a text a line; what there is none of is left out. */
export function describeAgent(config: AgentOutline, wiring: PinOutline): readonly (readonly [string, string])[] {
  const pins = [
    ["lights", wiring.outputs],
    ["switches", wiring.switches],
    ["inputs", wiring.inputs],
  ] as const;
  return [
    ["hub", config.hub],
    ...pins.filter(([, some]) => some.length > 0).map(([label, some]) => [label, namePins(some)] as const),
    ["driver", config.driver],
  ];
}

function namePins(pins: readonly Pin[]): string {
  return pins.map(({ name, pin }) => `${name} on GPIO${pin}`).join(", ");
}
