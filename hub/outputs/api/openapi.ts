/** The OpenAPI 3.1 document of the REST API, made from the routes and their schemas (protocol 7). */
import * as z from "zod";
import type { Route } from "./route.ts";

type Json = { readonly [key: string]: unknown };

const ERROR = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message"],
      properties: { code: { type: "string" }, message: { type: "string" } },
    },
  },
};

export function describeApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = paths[`/api${route.path}`] ?? {};
    path[route.method] = describeRoute(route);
    paths[`/api${route.path}`] = path;
  }
  return { openapi: "3.1.0", info: { title: "Pharos", version, license: { name: "MIT", identifier: "MIT" } }, paths };
}

function describeRoute({ method, path, summary, body, query, answers, contentType }: Route): Json {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return {
    operationId: `${method}${path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/\W/g, "")}`,
    summary,
    parameters: [
      ...names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
      ...describeQuery(query),
    ],
    ...(body !== undefined && { requestBody: { required: true, content: json(toJsonSchema(body)) } }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, text]) => [status, describeAnswer(status, text, contentType)]),
    ),
  };
}

function describeQuery(query: z.ZodType | undefined): readonly Json[] {
  if (query === undefined) return [];
  const { properties, required } = toJsonSchema(query) as { properties: Json; required?: readonly string[] };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required?.includes(name) ?? false,
    schema,
  }));
}

function describeAnswer(status: string, description: string, contentType = "application/json"): Json {
  if (Number(status) >= 400) return { description, content: json(ERROR) };
  const isJson = contentType === "application/json";
  return { description, content: { [contentType]: { schema: isJson ? {} : { type: "string" } } } };
}

function json(schema: Json): Json {
  return { "application/json": { schema } };
}

/** What a client may send; transforms of the hub are not its concern. */
function toJsonSchema(schema: z.ZodType): Json {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return described;
}
