/** What there is to install as a service: said by pi-agent/service and hub/service, and where each of its files goes. */
import type { OptionTable, OptionValues } from "../options.ts";

export interface Product<T extends OptionTable = OptionTable> {
  /** The word after `pharos`; the service is `pharos-WORD`. */
  readonly word: "agent" | "hub";
  /** Version of Node.js that it needs, `18.17.0`. */
  readonly oldestNode: string;
  /** How to get one, as a sentence. */
  readonly nodeRemedy: string;
  readonly options: T;
  /** The option that is kept in a file of its own, for root alone, and reaches the service as a credential. */
  readonly secret: string | null;
  /** The program: files and folders, relative to the folder that holds `bin/`. Its unit is among them. */
  readonly files: readonly string[];
  /** The unit among `files`. */
  readonly unit: string;
  /** What others may put in the program's folder; stays when it is replaced. */
  readonly keeps: readonly string[];
  /** A group that has to be there, and the rules of udev that give it what the service needs. */
  readonly access: Access | null;
  /** Drop-ins of the unit that the options ask for: file name → text. */
  dropIns(options: OptionValues<T>): { readonly [name: string]: string };
  /** What it will do, a line each: `["hub", "http://…"]`. @throws UsageError when options do not go together */
  describe(options: OptionValues<T>): readonly (readonly [string, string])[];
}

export interface Access {
  readonly group: string;
  /** Rules of udev. */
  readonly rules: string;
  /** Whether rules of the system, all in one text, do already what ours do. */
  isGivenBy(rules: string): boolean;
}

/** Every place that an installation may use. */
export interface Places {
  readonly service: string;
  readonly program: string;
  readonly config: string;
  readonly secret: string;
  readonly configFolder: string;
  readonly unit: string;
  /** Where the unit is when a package brings it. */
  readonly packagedUnit: string;
  readonly wants: string;
  readonly dropIns: string;
  readonly sysusers: string;
  readonly rules: string;
  /** Both: systemd links the first to the second. */
  readonly state: readonly [string, string];
  readonly launcher: string;
  readonly packagedLauncher: string;
  /** Where dpkg notes that the package is installed. */
  readonly packageNote: string;
}

/** Names of drop-ins that the installer writes, and so may remove. */
export const OWN_DROP_INS = ["10-node.conf", "20-port.conf"] as const;

/** The places of a product, from the root of the system. */
export function placesOf({ word }: Pick<Product, "word">): Places {
  const service = `pharos-${word}`;
  const unit = `${service}.service`;
  return {
    service,
    program: `/usr/lib/${service}`,
    config: `/etc/pharos/${word}.json`,
    secret: `/etc/pharos/${word}.token`,
    configFolder: "/etc/pharos",
    unit: `/etc/systemd/system/${unit}`,
    packagedUnit: `/usr/lib/systemd/system/${unit}`,
    wants: `/etc/systemd/system/multi-user.target.wants/${unit}`,
    dropIns: `/etc/systemd/system/${unit}.d`,
    sysusers: `/etc/sysusers.d/${service}.conf`,
    rules: `/etc/udev/rules.d/60-${service}.rules`,
    state: [`/var/lib/${service}`, `/var/lib/private/${service}`],
    launcher: "/usr/local/bin/pharos",
    packagedLauncher: "/usr/bin/pharos",
    packageNote: `/var/lib/dpkg/info/${service}.list`,
  };
}
