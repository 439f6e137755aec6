/** How every component reaches the page's parts. */
import { type ComponentType, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { DialState } from "#protocol/dials.ts";
import type { Adding } from "../model/adding.ts";
import type { Page } from "../model/page.ts";
import type { Router } from "../model/router.ts";
import type { Theme } from "../model/theme.ts";

/** What is loaded when it is first shown, and stands on other files of this folder. */
export interface LateParts {
  /** Start and stop, plots, recordings. */
  readonly DataRoom: ComponentType;
  /** What the dialog that adds a device asks and shows. */
  readonly AddingSteps: ComponentType;
  /** For the first admin. */
  readonly ChoosePassword: ComponentType;
  readonly ChangePassword: ComponentType<{ readonly onDone: () => void }>;
  /** People, guest links, program tokens, the audit log. */
  readonly SettingsRoom: ComponentType;
  readonly DeviceToken: ComponentType<{ readonly device: string }>;
  readonly TerminalView: ComponentType<{ readonly device: string; readonly state: DialState }>;
}

export interface PageParts {
  readonly page: Page;
  readonly router: Router;
  readonly theme: Theme;
  readonly adding: Adding;
  readonly late: LateParts;
}

export const PageContext = createContext<PageParts | null>(null);

/** @throws Error outside of `PageContext.Provider` */
export function useParts(): PageParts {
  const parts = useContext(PageContext);
  if (parts === null) throw new Error("a component stands outside of PageContext");
  return parts;
}

export function usePage(): Page {
  return useParts().page;
}
