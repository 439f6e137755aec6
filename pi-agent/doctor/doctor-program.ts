/** `pharos agent doctor`: says whether the agent will work here, and how to mend what keeps it from it. Put among the agent's commands by main.ts. */
import { type Option, type OptionTable, type OptionValues, readOptions, UsageError } from "#base/options.ts";
import type { Program } from "#base/program.ts";
import { type DiagnoseDrivers, diagnose, willWork } from "./diagnose.ts";
import { type Finding, fail, ok } from "./finding.ts";
import { exists, type Machine, thisMachine } from "./machine.ts";
import { jsonLines, readable } from "./report.ts";
import type { Subject } from "./subject.ts";

/** What the unit of the service says. */
const SERVICE_CONFIG = "/etc/pharos/agent.json";
const SERVICE_DATA = "/var/lib/pharos-agent";

type DoctorOptions = OptionTable & {
  readonly config: Option<string | null>;
  readonly dataDir: Option<string>;
  readonly jsonLogs: Option<boolean>;
};

export interface DoctorParts<T extends DoctorOptions> {
  /** The agent's own. */
  readonly options: T;
  /** @throws UsageError when options do not go together */
  subjectOf(options: OptionValues<T>): Omit<Subject, "source">;
  readonly machine?: Machine;
  readonly drivers?: DiagnoseDrivers;
  readonly write?: (line: string) => void;
}

interface Asked {
  readonly subject: Subject;
  readonly findings: readonly Finding[];
}

/** Exit code 0 when the agent will work, else 1. */
export function doctorProgram<T extends DoctorOptions>(parts: DoctorParts<T>): Program<T> {
  const { machine = thisMachine(), drivers, write = (line) => void process.stdout.write(`${line}\n`) } = parts;
  return {
    usage: "pharos agent doctor [options]",
    summary:
      "Says whether the agent will work here, and how to mend what keeps it from it; moves no pin.\n" +
      `Where the service is installed it takes the service's options, ${SERVICE_CONFIG}, under those given here.`,
    options: parts.options,
    async run(options, _stop, args) {
      const asked = whatIsAsked(parts, machine, options, args);
      const findings = [...asked.findings, ...(await diagnose(machine, asked.subject, drivers))];
      const lines = options.jsonLogs ? jsonLines(findings, machine.now()) : readable(findings);
      for (const line of lines) write(line);
      return willWork(findings) ? 0 : 1;
    },
  };
}

function whatIsAsked<T extends DoctorOptions>(
  { options: table, subjectOf }: DoctorParts<T>,
  machine: Machine,
  options: OptionValues<T>,
  args: readonly string[],
): Asked {
  const given = (): Subject => ({ ...subjectOf(options), source: "options" });
  if (options.config !== null || !exists(machine, SERVICE_CONFIG)) return { subject: given(), findings: [] };
  try {
    const words = ["--config", `${machine.root.replace(/\/$/, "")}${SERVICE_CONFIG}`, "--data-dir", SERVICE_DATA];
    // The variables of this shell are not those of the service.
    const subject: Subject = { ...subjectOf(readOptions(table, [...words, ...args], {})), source: "service" };
    return { subject, findings: [ok("options", `The options are the service's: ${SERVICE_CONFIG}`)] };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const what = `The service cannot start, its options are faulty: ${error.message.replaceAll("\n", "; ")}`;
    const remedy = `sudo nano ${SERVICE_CONFIG} && sudo systemctl restart pharos-agent`;
    return { subject: given(), findings: [fail("options", what, remedy)] };
  }
}
