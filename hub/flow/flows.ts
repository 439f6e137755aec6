/** All flows of a house, made once and handed to doors and outputs. */
import { Admission } from "../devices/admission.ts";
import { Acquisition } from "./acquisition.ts";
import { Actions } from "./actions.ts";
import { Arrivals } from "./arrivals.ts";
import { Attendance } from "./attendance.ts";
import { Dials } from "./dials.ts";
import { Recordings } from "./history-recordings.ts";
import type { House } from "./house.ts";
import { HttpReports } from "./http-reports.ts";
import { Inbound } from "./inbound.ts";
import { Register } from "./register.ts";
import { Sayings } from "./sayings.ts";
import { Streams } from "./streams.ts";
import { TextCommands } from "./text-commands.ts";
import { Wishes } from "./wishes.ts";

export interface Flows {
  readonly attendance: Attendance;
  readonly arrivals: Arrivals;
  readonly inbound: Inbound;
  readonly httpReports: HttpReports;
  readonly wishes: Wishes;
  readonly actions: Actions;
  readonly register: Register;
  readonly sayings: Sayings;
  readonly dials: Dials;
  readonly streams: Streams;
  readonly acquisition: Acquisition;
  readonly recordings: Recordings;
}

export function createFlows(house: House): Flows {
  const { config, clock } = house;
  const wishes = new Wishes(house);
  const actions = new Actions(house);
  const attendance = new Attendance(house);
  const acquisition = new Acquisition(house);
  const recordings = new Recordings(house, acquisition);
  const commands = new TextCommands(house, acquisition);
  const admission = new Admission(config.duplicate, clock);
  const dials = new Dials(house);
  const arrivals = new Arrivals(house, { admission, wishes, actions, attendance, commands, dials });
  const inbound = new Inbound(house, attendance, commands);
  const httpReports = new HttpReports(arrivals, inbound);
  const register = new Register(house, dials);
  const [sayings, streams] = [new Sayings(house), new Streams(house)];
  const toDevices = { wishes, actions, sayings, dials, streams };
  return { attendance, arrivals, inbound, httpReports, register, acquisition, recordings, ...toDevices };
}
