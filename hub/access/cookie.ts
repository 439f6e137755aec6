/** The cookie of a browser that is signed in (RFC 6265): for the hub alone, never for scripts, never sent from another site. */

const NAME = "pharos_session";
/** As long as a session lasts unseen, s. */
const MAX_AGE_S = 30 * 86_400;

/** The secret in a `Cookie` header; null without one. */
export function readCookie(header: string | undefined): string | null {
  for (const part of header?.split(";") ?? []) {
    const [name, value] = part.split("=", 2);
    if (name?.trim() === NAME && value !== undefined) return value.trim();
  }
  return null;
}

/** A `Set-Cookie` header. @param secret null signs out @param isSecure whether the browser came by TLS */
export function writeCookie(secret: string | null, isSecure: boolean): string {
  const age = secret === null ? 0 : MAX_AGE_S;
  const secure = isSecure ? "; Secure" : "";
  return `${NAME}=${secret ?? ""}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`;
}
