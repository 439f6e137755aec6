/** The hub as a service: its files and what it needs of the system. Called by main.ts. */
import type { OptionTable, OptionValues } from "#base/options.ts";
import { OWN_DROP_INS, type Product } from "#base/service/product.ts";

export interface HubServiceParts<T extends OptionTable> {
  readonly options: T;
  port(options: OptionValues<T>): number;
  /** Where it listens and for whom. */
  describe(options: OptionValues<T>): readonly (readonly [string, string])[];
}

/** Ports below need a capability. */
const FIRST_FREE_PORT = 1024;

/** What of the one native module is used when it runs. */
const DATABASE = [
  "node_modules/better-sqlite3/package.json",
  "node_modules/better-sqlite3/LICENSE",
  "node_modules/better-sqlite3/lib",
  "node_modules/better-sqlite3/build/Release/better_sqlite3.node",
  "node_modules/bindings/package.json",
  "node_modules/bindings/LICENSE.md",
  "node_modules/bindings/bindings.js",
  "node_modules/file-uri-to-path/package.json",
  "node_modules/file-uri-to-path/LICENSE",
  "node_modules/file-uri-to-path/index.js",
];

const LOW_PORT = `# Written by the installer, since the port is below ${FIRST_FREE_PORT}.
[Service]
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
AmbientCapabilities=CAP_NET_BIND_SERVICE
`;

/** What `pharos hub install` installs. */
export function hubService<T extends OptionTable>({ options, port, describe }: HubServiceParts<T>): Product<T> {
  return {
    word: "hub",
    oldestNode: "20.17.0",
    nodeRemedy: "Install a newer one for the whole system, as in https://nodejs.org/en/download.",
    options,
    secret: null,
    files: [
      "pharos",
      "bin/pharos.js",
      "dist/bundles/hub.js",
      "dist/bundles/history-worker.js",
      "dist/web",
      "hub/systemd",
      "LICENSE",
      ...DATABASE,
    ],
    unit: "hub/systemd/pharos-hub.service",
    keeps: [],
    access: null,
    dropIns: (values) => {
      const low = port(values) > 0 && port(values) < FIRST_FREE_PORT;
      return low ? { [OWN_DROP_INS[1]]: LOW_PORT } : {};
    },
    describe,
  };
}
