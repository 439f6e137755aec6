/** What a signal strength means, for those who do not think in dBm. */

export type Quality = "strong" | "good" | "weak" | "poor";

/** @param rssi dBm, as Wi-Fi stations report it */
export function qualityOf(rssi: number): Quality {
  if (rssi >= -60) return "strong";
  if (rssi >= -70) return "good";
  return rssi >= -80 ? "weak" : "poor";
}
