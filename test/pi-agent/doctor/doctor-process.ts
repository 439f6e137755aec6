/** The doctor as a program of its own, for doctor-process.test.ts. */
import { runProgram } from "#base/program.ts";
import { AGENT_OPTIONS } from "../../../pi-agent/config.ts";
import { doctorProgram } from "../../../pi-agent/doctor/doctor-program.ts";
import { subjectOf } from "./subject-of.ts";

process.exit(await runProgram(doctorProgram({ options: AGENT_OPTIONS, subjectOf }), process.argv.slice(2)));
