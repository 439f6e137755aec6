/** REST over people, tokens, pairing and the audit log: for admins (protocol 10). */
import { createTokenRequest, createUserRequest, openPairingRequest, patchUserRequest } from "#protocol/access.ts";
import type { Access } from "../../access/access.ts";
import { ok, type PiecesReply, type Route, route } from "./route.ts";

export function accessRoutes(access: Access): Route[] {
  return [...userRoutes(access), ...tokenRoutes(access), ...pairingRoutes(access), auditRoute(access)];
}

function userRoutes({ people }: Access): Route[] {
  const none = { 404: "There is no such user." };
  return [
    route({
      method: "get",
      path: "/users",
      rule: "admin",
      summary: "Who can sign in.",
      answers: { 200: "An array of {name, role, createdAt, lastSeenAt, sessions}." },
      handle: () => ok(people.list()),
    }),
    route({
      method: "post",
      path: "/users",
      rule: "admin",
      summary: "Makes a user: {name, password, role}.",
      body: createUserRequest,
      answers: { 200: "The user.", 400: "There is one of that name, or the password is too short." },
      handle: async ({ body: { name, password, role } }) => ok(await people.create(name, password, role)),
    }),
    route({
      method: "patch",
      path: "/users/{name}",
      rule: "admin",
      summary: "Gives a user another role or password, which ends what it has open.",
      body: patchUserRequest,
      answers: { 200: "It is done.", 400: "It is the last admin.", ...none },
      async handle({ params: { name = "" }, body: { password, role } }) {
        if (role !== undefined) people.setRole(name, role);
        if (password !== undefined) await people.setPassword(name, password);
        return ok({});
      },
    }),
    route({
      method: "delete",
      path: "/users/{name}",
      rule: "admin",
      summary: "Removes a user, and signs all its browsers out.",
      answers: { 200: "It is removed.", 400: "It is the last admin.", ...none },
      handle({ params: { name = "" } }) {
        people.remove(name);
        return ok({});
      },
    }),
  ];
}

function tokenRoutes({ tokens }: Access): Route[] {
  const none = { 404: "There is no such token." };
  return [
    route({
      method: "get",
      path: "/tokens",
      rule: "admin",
      summary: "Tokens of devices, programs and guests; their secrets are kept by nobody.",
      answers: { 200: "An array of {id, kind, subject, role, createdAt, expiresAt, lastUsedAt}." },
      handle: () => ok(tokens.list()),
    }),
    route({
      method: "post",
      path: "/tokens",
      rule: "admin",
      summary: "Makes a token for a device, for a program, or as a link for guests.",
      body: createTokenRequest,
      answers: { 200: "It, with its secret in `token`, which is told once." },
      handle: ({ body }) => ok(tokens.create(body)),
    }),
    route({
      method: "post",
      path: "/tokens/{id}/rotate",
      rule: "admin",
      summary: "Another secret for the same thing; who uses the old one is cut at once.",
      answers: { 200: "The new one, with its secret.", ...none },
      handle: ({ params: { id = "" } }) => ok(tokens.rotate(id)),
    }),
    route({
      method: "delete",
      path: "/tokens/{id}",
      rule: "admin",
      summary: "Revokes a token; who uses it is cut at once.",
      answers: { 200: "It is revoked.", ...none },
      handle({ params: { id = "" } }) {
        tokens.revoke(id);
        return ok({});
      },
    }),
  ];
}

function pairingRoutes(access: Access): Route[] {
  const { pairing } = access;
  const none = { 404: "No such device waits." };
  return [
    route({
      method: "get",
      path: "/pairing",
      rule: "admin",
      summary: "Whether the window is open, and who waits.",
      answers: { 200: "{until, pending}" },
      handle: () => ok(pairing.view()),
    }),
    route({
      method: "post",
      path: "/pairing",
      rule: "admin",
      summary: "Opens the window for devices without a token, five minutes unless {ms} says otherwise.",
      body: openPairingRequest,
      answers: { 200: "{until, pending}" },
      handle({ body: { ms } }) {
        pairing.open(ms);
        return ok(pairing.view());
      },
    }),
    route({
      method: "delete",
      path: "/pairing",
      rule: "admin",
      summary: "Closes the window; who still waits is refused.",
      answers: { 200: "{until, pending}" },
      handle() {
        pairing.close();
        return ok(pairing.view());
      },
    }),
    route({
      method: "post",
      path: "/pairing/{device}",
      rule: "admin",
      summary: "Lets a device in that waits: it gets its token over its own connection.",
      answers: { 200: "It is in.", ...none },
      handle({ params: { device = "" } }) {
        access.approve(device);
        return ok({});
      },
    }),
    route({
      method: "delete",
      path: "/pairing/{device}",
      rule: "admin",
      summary: "Sends a device away that waits.",
      answers: { 200: "It is gone.", ...none },
      handle({ params: { device = "" } }) {
        access.refuse(device);
        return ok({});
      },
    }),
  ];
}

function auditRoute(access: Access): Route {
  return route({
    method: "get",
    path: "/audit",
    rule: "admin",
    summary: "Who did what, from where, oldest first: one JSON object a line.",
    answers: { 200: "{at, who, from, what, target, result} a line." },
    contentType: "application/x-ndjson",
    handle: (): PiecesReply => ({
      contentType: "application/x-ndjson",
      fileName: "audit.ndjson",
      pieces: access.readAudit(),
    }),
  });
}
