/** Which plots are shown, device by device. The choice stands in the address: it can be sent to others, and Back undoes it. */

import { isRoomFor, MOST_PLOTS, type PlotSpec } from "./model/catalog.ts";
import { dataWords } from "./words.ts";

const say = dataWords.plots;

interface PickerProps {
  readonly catalog: readonly PlotSpec[];
  readonly specs: readonly PlotSpec[];
  /** Shows these plots; null: as the page chooses. */
  choose(keys: readonly string[] | null): void;
}

export function PlotPicker({ catalog, specs, choose }: PickerProps) {
  const chosen = specs.map(({ key }) => key);
  const devices = [...new Set(catalog.map(({ device }) => device))];
  const toggle = (key: string): void => {
    const others = chosen.filter((one) => one !== key);
    choose(others.length < chosen.length ? others : [...chosen, key]);
  };
  return (
    <details class="picker">
      <summary class="button">{say.choose}</summary>
      <div class="choices">
        <p class="hint">
          {say.chosen(chosen.length, MOST_PLOTS)}
          <button type="button" class="quiet" onClick={() => choose(null)}>
            {say.asUsual}
          </button>
        </p>
        {devices.map((device) => {
          const its = catalog.filter((spec) => spec.device === device);
          return (
            <fieldset key={device}>
              <legend>{its[0]?.deviceName}</legend>
              {its.map((spec) => (
                <label key={spec.key}>
                  <input
                    type="checkbox"
                    checked={chosen.includes(spec.key)}
                    disabled={!chosen.includes(spec.key) && !isRoomFor(spec, specs)}
                    onChange={() => toggle(spec.key)}
                  />
                  {spec.title}
                </label>
              ))}
            </fieldset>
          );
        })}
      </div>
    </details>
  );
}
