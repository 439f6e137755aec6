/** Whether the device has come: waits for it, names others that came instead, and after a while says what it often is. */
import { useEffect } from "preact/hooks";
import { joinsWifi } from "../model/kinds.ts";
import { devicePath } from "../model/router.ts";
import { placeOf } from "../model/template.ts";
import { useParts } from "../ui/context.ts";
import { words } from "../words.ts";

export function Arrival() {
  const { adding, page } = useParts();
  const arrived = adding.arrived.value;
  const isLate = arrived === null && adding.fault.value === null && adding.isLate.value;
  useEffect(() => {
    if (arrived !== null) page.announce(words.adding.here(arrived));
    else if (isLate) page.announce(words.adding.late);
  }, [page, arrived, isLate]);
  return (
    <section class="arrival" aria-label={words.adding.arrival} data-arrived={arrived !== null}>
      {arrived === null ? <Waiting /> : <Here name={arrived} />}
      <Others />
      {isLate && <Hints />}
    </section>
  );
}

function Waiting() {
  const { adding } = useParts();
  if (adding.fault.value !== null) return <p class="arrival-state">{words.adding.faults[adding.fault.value]}</p>;
  return (
    <p class="arrival-state">
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 3a5 5 0 1 1-4.6 3" />
      </svg>
      <span>
        <strong>{words.adding.waiting(adding.device.value)}</strong> {words.adding.waitingHelp}
      </span>
    </p>
  );
}

function Here({ name }: { name: string }) {
  const { adding } = useParts();
  return (
    <div class="arrival-state">
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M3.500 8.500l3 3 6-7" />
      </svg>
      <strong>{words.adding.here(name)}</strong>
      <a class="button primary" href={devicePath(adding.device.value)} onClick={() => adding.close()}>
        {words.adding.show(name)}
      </a>
      <button type="button" onClick={() => adding.again()}>
        {words.adding.another}
      </button>
    </div>
  );
}

/** A device with a mistyped id, or none at all, comes under another name. */
function Others() {
  const { adding } = useParts();
  const others = adding.others.value;
  if (others.length === 0 || adding.arrived.value !== null) return null;
  return <p class="help">{words.adding.others(others.slice(0, 3).join(", "))}</p>;
}

function Hints() {
  const { adding } = useParts();
  const { wifi, network, address, firewall, console } = words.adding.hints;
  const hub = adding.address.value;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section class="hints" tabIndex={0} aria-label={words.adding.late}>
      <p>{words.adding.late}</p>
      <ul>
        {joinsWifi(adding.kind.value) && <li>{wifi}</li>}
        <li>{network}</li>
        <li>{address(hub)}</li>
        <li>{firewall(placeOf(hub).port)}</li>
        <li>{console}</li>
      </ul>
    </section>
  );
}
