/** What the program has to know: the device's id, the Wi-Fi of a board, and the hub's address where there are several. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { joinsWifi, type Kind, runsAnywhere } from "../model/kinds.ts";
import { useParts } from "../ui/context.ts";
import { words } from "../words.ts";
import { TokenMaker } from "./token-maker.tsx";

/** An address of the hub that leads nowhere from another computer. */
const isLocal = (address: string): boolean => new URL(address).hostname === "localhost";

/** An input for names, which no browser or phone knows better. */
export const PLAIN = { type: "text", autocomplete: "off", autocapitalize: "none", spellcheck: false } as const;

export function Needs({ kind }: { kind: Kind }) {
  const { adding, page } = useParts();
  const hub = page.store.hub.value;
  return (
    <section class="needs" aria-label={words.adding.needs}>
      <IdField />
      {adding.addresses.value.length > 1 && <AddressField />}
      {joinsWifi(kind) && <WifiFields />}
      {page.pairing.isAble.value && <TokenMaker kind={kind} />}
      {hub?.addresses.every(isLocal) === true && !runsAnywhere(kind) && <p class="caution">{words.adding.loopback}</p>}
      {kind === "tcp" && hub !== null && hub.tcpPort === undefined && <p class="caution">{words.adding.noTcp}</p>}
    </section>
  );
}

export function IdField() {
  const { adding } = useParts();
  const help = useId();
  const fault = adding.fault.value;
  return (
    <div class="field">
      <label>
        <span>{words.adding.id}</span>
        <input
          {...PLAIN}
          maxLength={64}
          value={adding.id.value}
          aria-invalid={fault !== null}
          aria-describedby={help}
          onInput={(event) => adding.name(event.currentTarget.value)}
        />
      </label>
      <p id={help} class="help" data-failed={fault !== null}>
        {fault === null ? words.adding.idHelp : words.adding.faults[fault]}
      </p>
    </div>
  );
}

function AddressField() {
  const { adding } = useParts();
  return (
    <Field label={words.adding.address}>
      <select value={adding.address.value} onChange={(event) => adding.reach(event.currentTarget.value)}>
        {adding.addresses.value.map((address) => (
          <option key={address} value={address}>
            {address}
          </option>
        ))}
      </select>
    </Field>
  );
}

function WifiFields() {
  const { adding } = useParts();
  const { ssid, password } = adding.wifi.value;
  return (
    <>
      <Field label={words.adding.ssid} starts>
        <input {...PLAIN} value={ssid} onInput={(event) => adding.join(event.currentTarget.value, password)} />
      </Field>
      <Field label={words.adding.password}>
        <input {...PLAIN} value={password} onInput={(event) => adding.join(ssid, event.currentTarget.value)} />
      </Field>
      <p class="help">{words.adding.wifiHelp}</p>
    </>
  );
}

interface FieldProps {
  readonly label: string;
  /** Whether it begins a row. */
  readonly starts?: boolean;
  readonly children: ComponentChildren;
}

export function Field({ label, starts = false, children }: FieldProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child.
    <label class="field" data-starts={starts}>
      <span>{label}</span>
      {children}
    </label>
  );
}
