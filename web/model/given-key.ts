/** The key in the address by which somebody came: `/#key=…` that the hub printed, `/#link=…` that an admin made. */

export interface GivenKey {
  readonly kind: "key" | "link";
  readonly key: string;
}

/** Takes it out of the address at once, so that nobody reads it there; a fragment never went over the wire. */
export function takeKey(): GivenKey | null {
  const [, kind, key] = /^#(key|link)=(.+)$/.exec(location.hash) ?? [];
  if (key === undefined) return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  return { kind: kind === "key" ? "key" : "link", key };
}
