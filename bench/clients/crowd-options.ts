/** The words between a bench and the process of its crowd. */
import type { Door } from "./member.ts";

export interface CrowdOptions {
  readonly port: number;
  readonly door: Door;
  /** Members that hear the room, beside the one that speaks. */
  readonly members: number;
  /** Their ids begin so. */
  readonly name: string;
  /** Those that come in at the same time; all of them in a storm. */
  readonly atOnce: number;
  /** Those of them that read nothing once they are in, and are not waited for. */
  readonly slow?: number;
  /** Each in a room of its own, so that nobody hears another. */
  readonly isAlone?: boolean;
}

/** One round of messages: each is a delivery to every member. */
export interface RoundOptions {
  readonly messages: number;
  /** Messages that may be under way at the same time. */
  readonly inFlight: number;
  /** Between one message and the next; ms. */
  readonly pauseMs?: number;
}

export interface RoundResult {
  readonly deliveries: number;
  /** Deliveries that did not come, or not in their order. */
  readonly lost: number;
  readonly seconds: number;
  /** How long deliveries took; ms. */
  readonly p50: number;
  readonly p99: number;
}

export type ToCrowd =
  | { readonly kind: "round"; readonly round: RoundOptions }
  /** Each member says SOS once a second, at its own moment; or no more. */
  | { readonly kind: "beat"; readonly isBeating: boolean; readonly members: number };

export type FromCrowd =
  /** All members are in the room. */
  | { readonly kind: "ready"; readonly seconds: number }
  | { readonly kind: "result"; readonly result: RoundResult }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string };
