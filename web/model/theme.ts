/** Light, dark, or as the system has it; the choice is kept in this browser. */
import { type ReadonlySignal, signal } from "@preact/signals";

export const THEMES = ["auto", "light", "dark"] as const;
export type ThemeName = (typeof THEMES)[number];

export interface Theme {
  readonly chosen: ReadonlySignal<ThemeName>;
  choose(theme: ThemeName): void;
}

const KEY = "pharos-theme";

export function createTheme(): Theme {
  const chosen = signal<ThemeName>(kept());

  function wear(theme: ThemeName): void {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }

  wear(chosen.peek());
  return {
    chosen,
    choose(theme) {
      chosen.value = theme;
      wear(theme);
      keep(theme);
    },
  };
}

/** Storage may be forbidden; the page works without. */
function kept(): ThemeName {
  try {
    const stored = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === stored) ?? "auto";
  } catch {
    return "auto";
  }
}

function keep(theme: ThemeName): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Chosen for this visit only.
  }
}
