/** What admins ask over REST about people and tokens (protocol 10). Used by parts that are loaded late. */
import type { CreateTokenRequest, NewToken, Role, TokenView, UserView } from "#protocol/access.ts";
import type { Answer } from "#protocol/dashboard-events.ts";
import type { Rest } from "./rest.ts";

/** Questions reject with an `Error` whose message is a sentence; what changes something answers with the refusal. */
export interface AccessClient {
  users(): Promise<readonly UserView[]>;
  addUser(user: { name: string; password: string; role: Role }): Promise<Answer<UserView>>;
  changeUser(name: string, change: { password?: string; role?: Role }): Promise<Answer<object>>;
  removeUser(name: string): Promise<Answer<object>>;
  tokens(): Promise<readonly TokenView[]>;
  makeToken(request: CreateTokenRequest): Promise<Answer<NewToken>>;
  /** Another secret for the same thing; the old one ends at once. */
  rotate(id: string): Promise<Answer<NewToken>>;
  revoke(id: string): Promise<Answer<object>>;
}

export function createAccessClient({ ask, change }: Rest): AccessClient {
  const user = (name: string): string => `/users/${encodeURIComponent(name)}`;
  const token = (id: string): string => `/tokens/${encodeURIComponent(id)}`;
  return {
    users: () => ask("GET", "/users"),
    addUser: (made) => change("POST", "/users", made),
    changeUser: (name, part) => change("PATCH", user(name), part),
    removeUser: (name) => change("DELETE", user(name)),
    tokens: () => ask("GET", "/tokens"),
    makeToken: (request) => change("POST", "/tokens", request),
    rotate: (id) => change("POST", `${token(id)}/rotate`),
    revoke: (id) => change("DELETE", token(id)),
  };
}
