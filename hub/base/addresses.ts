/** Addresses by which others reach this computer. */
import { hostname, networkInterfaces } from "node:os";
import { isLoopback } from "./client-address.ts";

/**
 * `http://192.168.1.5:5000` for each IPv4 address of the network, then this computer's name. Empty without a network, and for a hub that listens
 * where this computer alone can call.
 * @param host where the hub listens
 */
export function lanAddresses(host: string, port: number, scheme: "http" | "https" = "http"): string[] {
  if (host === "localhost" || isLoopback(host)) return [];
  const all = Object.values(networkInterfaces()).flatMap((cards) => cards ?? []);
  const lan = all.filter((card) => card.family === "IPv4" && !card.internal).map((card) => card.address);
  if (lan.length === 0) return [];
  const name = hostname().split(".")[0];
  return [...lan, `${name}.local`].map((place) => `${scheme}://${place}:${port}`);
}
