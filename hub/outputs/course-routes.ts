/** `GET` and `POST /led`: the light of the course page over REST, as older courses have it (protocol 2.7). Mounted by `app.ts`. */
import express, { Router } from "express";
import { LIMITS } from "../base/limits.ts";
import { readLevel } from "./course-level.ts";
import type { CourseLight } from "./course-light.ts";

export function createCourseRoutes(light: CourseLight): Router {
  const router = Router();
  router.get("/led", (_, response) => void response.json({ level: light.level }));
  router.post(
    "/led",
    // Whatever the content type says: `curl -d '{"level":37}'` calls it a form.
    express.text({ type: () => true, limit: LIMITS.restBodyBytes }),
    async (request, response) => {
      const level = await light.set(readLevel(readBody(request.body)), null);
      response.json({ level });
    },
  );
  return router;
}

/** JSON, or a form. A form that names the level twice says nothing. */
function readBody(body: unknown): unknown {
  const text = typeof body === "string" ? body.trim() : "";
  if (text.startsWith("{")) return parseJson(text);
  const levels = new URLSearchParams(text).getAll("level");
  return levels.length === 1 ? { level: levels[0] } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
