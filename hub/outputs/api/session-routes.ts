/** REST over signing in and out, and one's own password (protocol 10). */
import { changePasswordRequest, type SessionView, signInRequest } from "#protocol/access.ts";
import { PharosError } from "#protocol/errors.ts";
import type { Access } from "../../access/access.ts";
import { writeCookie } from "../../access/cookie.ts";
import { NOBODY, type Principal } from "../../access/principal.ts";
import { ok, type Reply, type Route, route } from "./route.ts";

export function sessionRoutes(access: Access): Route[] {
  return [
    route({
      method: "get",
      path: "/session",
      rule: "public",
      summary: "Who asks, and what they may.",
      answers: { 200: "{role, name, needsPassword, isOpen}; role and name are null for who has not signed in." },
      handle: ({ principal }) => ok(access.sessionOf(principal)),
    }),
    route({
      method: "post",
      path: "/session",
      rule: "public",
      summary: "Signs a browser in, by {name, password} or by the {key} of a link.",
      body: signInRequest,
      answers: { 200: "Who it is, with a cookie.", 401: "It is none of those.", 429: "Too many tries: wait." },
      async handle({ body, from, isSecure }) {
        const secret =
          "key" in body ? access.signInByKey(body.key, from) : await access.signIn(body.name, body.password, from);
        return signedIn(access, secret, isSecure);
      },
    }),
    route({
      method: "delete",
      path: "/session",
      rule: "public",
      summary: "Signs this browser out.",
      answers: { 200: "It is signed out." },
      handle({ principal, isSecure, from }) {
        if (principal.ref !== null) access.signOut(principal, from);
        return { ...ok({}), headers: { "Set-Cookie": writeCookie(null, isSecure) } };
      },
    }),
    route({
      method: "post",
      path: "/session/password",
      rule: "viewer",
      summary: "Changes one's own password; the first admin chooses a name with it.",
      body: changePasswordRequest,
      answers: { 200: "Who it is; all other browsers are signed out.", 401: "The present password is another." },
      async handle({ principal, body, from, isSecure }) {
        if (principal.needsPassword === true) {
          if (body.name === undefined) throw new PharosError("BAD_REQUEST", "name: must be chosen with the password");
          return signedIn(access, await access.chooseFirst(body.name, body.password, from), isSecure);
        }
        await access.changeOwn(principal, body.present ?? "", body.password, from);
        return ok(access.sessionOf(principal));
      },
    }),
  ];
}

function signedIn(access: Access, secret: string, isSecure: boolean): Reply {
  const principal: Principal = access.bySession(secret) ?? NOBODY;
  const view: SessionView = access.sessionOf(principal);
  return { ...ok(view), headers: { "Set-Cookie": writeCookie(secret, isSecure) } };
}
