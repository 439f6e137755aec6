/** What the listener for devices alone answers over HTTP: reports and that it lives, and nothing that commands. Made by `hub.ts`. */
import express, { type Express, type Router } from "express";
import { PharosError } from "#protocol/errors.ts";
import type { Gate } from "../base/gate.ts";
import type { Logger } from "../base/logger.ts";
import { answerError } from "./app.ts";

const REPORTS = /^\/api\/devices\/[^/]+\/reports$/;

export interface DeviceAppParts {
  readonly gate: Gate;
  readonly api: Router;
  readonly logger: Logger;
}

export function createDeviceApp({ gate, api, logger }: DeviceAppParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use((request, _, next) => {
    gate(request, "device");
    next();
  });
  app.get("/healthz", (_, response) => void response.json({ status: "ok" }));
  app.post(REPORTS, (request, response, next) => {
    request.url = request.url.slice("/api".length);
    api(request, response, next);
  });
  app.use(() => {
    throw new PharosError(
      "NO_DOOR",
      "This port is for devices: /bridge/ID. The page and REST are at the hub's other port.",
    );
  });
  app.use(answerError(logger));
  return app;
}
