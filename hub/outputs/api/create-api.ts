/** Everything below `/api`: the routes, and their description for machines and for people. */
import { Router } from "express";
import type { Access } from "../../access/access.ts";
import type { Backup } from "../../backup/backup.ts";
import type { Acquisition } from "../../flow/acquisition.ts";
import type { Actions } from "../../flow/actions.ts";
import type { Dials } from "../../flow/dials.ts";
import type { Recordings } from "../../flow/history-recordings.ts";
import type { House } from "../../flow/house.ts";
import type { HttpReports } from "../../flow/http-reports.ts";
import type { Register } from "../../flow/register.ts";
import type { Sayings } from "../../flow/sayings.ts";
import type { Wishes } from "../../flow/wishes.ts";
import { accessRoutes } from "./access-routes.ts";
import { actionRoutes } from "./action-routes.ts";
import { describeApiAsPage } from "./api-page.ts";
import { backupRoutes } from "./backup-routes.ts";
import { deviceRoutes } from "./device-routes.ts";
import { dialRoutes } from "./dial-routes.ts";
import { historyRoutes } from "./history-routes.ts";
import { describeApi } from "./openapi.ts";
import { recordingRoutes } from "./recording-routes.ts";
import { roomRoutes } from "./room-routes.ts";
import type { Route } from "./route.ts";
import { createRouter } from "./router.ts";
import { sessionRoutes } from "./session-routes.ts";
import { Settings } from "./settings.ts";

export interface ApiParts {
  readonly house: House;
  readonly access: Access;
  readonly wishes: Wishes;
  readonly actions: Actions;
  readonly register: Register;
  readonly sayings: Sayings;
  readonly dials: Dials;
  readonly httpReports: HttpReports;
  readonly acquisition: Acquisition;
  readonly recordings: Recordings;
  readonly version: string;
  /** None for a hub without a disk. */
  readonly backup?: Backup | null;
}

/** Every route there is. */
export function apiRoutes(parts: ApiParts): readonly Route[] {
  const { house, access, wishes, actions, register, sayings, dials, httpReports, acquisition, recordings } = parts;
  const settings = new Settings(house, wishes);
  return [
    ...sessionRoutes(access),
    ...deviceRoutes({ house, register, settings, httpReports }),
    ...actionRoutes(actions),
    ...roomRoutes(settings, sayings),
    ...dialRoutes(house, dials),
    ...recordingRoutes({ house, acquisition, recordings }),
    ...historyRoutes(house),
    ...accessRoutes(access),
    ...backupRoutes(parts.backup ?? null, access),
  ];
}

export function createApi(parts: ApiParts): Router {
  const routes = apiRoutes(parts);
  const document = describeApi(routes, parts.version);
  const page = describeApiAsPage(routes);
  const router = Router();
  router.get("/", (_, response) => void response.type("html").send(page));
  router.get("/openapi.json", (_, response) => void response.json(document));
  router.use(createRouter(routes, parts.access, parts.house.config.trustProxy));
  return router;
}
