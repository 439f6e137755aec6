/** What the address asks of the data room: `/data?show=DEVICE:PROPERTY,…`; so that a choice of plots can be sent to others. Pure. */

/** Keys of plots in their order; null when the address leaves the choice to the page. */
export function wishedIn(query: URLSearchParams): readonly string[] | null {
  const show = query.get("show");
  return show === null ? null : show.split(",").filter((key) => key !== "");
}

/** The address with these plots. */
export function addressOf(path: string, keys: readonly string[] | null): string {
  return keys === null ? path : `${path}?show=${keys.map(encodeURIComponent).join(",")}`;
}
