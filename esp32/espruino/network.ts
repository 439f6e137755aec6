/**
 * Joins the Wi-Fi and joins it again. The firmware gives up after a few tries and never calls back when the access
 * point is missing, so this is driven from `disconnected` and from a timer of its own.
 */
import { createAlarm } from "./alarm.ts";
import type { Config, Wifi } from "./config.ts";

/** A join that has said nothing for so long is started again. */
const JOIN_LIMIT_MS = 20000;
const REJOIN_MS = 2000;

/** @param up called when the network is there, again after each loss; @param down when it is lost */
export function joinWifi(wifi: Wifi, config: Config, up: () => void, down: () => void): void {
  const network = {
    join(): void {
      network.alarm.set(JOIN_LIMIT_MS);
      print(`Wi-Fi: joining ${config.ssid}`);
      try {
        wifi.connect(config.ssid, config.password ? { password: config.password } : {}, (error) => {
          if (error) print(`Wi-Fi: ${error}`);
        });
      } catch (error) {
        print(`Wi-Fi: ${error}`);
      }
    },
    alarm: createAlarm(() => network.join()),
  };
  wifi.on("connected", () => {
    network.alarm.stop();
    print("Wi-Fi: joined");
    up();
  });
  wifi.on("disconnected", () => {
    down();
    network.alarm.set(REJOIN_MS * (1 + Math.random()));
  });
  network.join();
}
