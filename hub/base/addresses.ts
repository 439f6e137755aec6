/** Addresses by which others reach this computer. */
import { hostname, networkInterfaces } from "node:os";

/** `http://192.168.1.5:5000` for each IPv4 address of the network, then this computer's name. Empty without a network. */
export function lanAddresses(port: number, scheme: "http" | "https" = "http"): string[] {
  const all = Object.values(networkInterfaces()).flatMap((cards) => cards ?? []);
  const lan = all.filter((card) => card.family === "IPv4" && !card.internal).map((card) => card.address);
  if (lan.length === 0) return [];
  const name = hostname().split(".")[0];
  return [...lan, `${name}.local`].map((host) => `${scheme}://${host}:${port}`);
}
