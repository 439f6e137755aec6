/** How every component reaches the page's parts. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Page } from "../model/page.ts";
import type { Router } from "../model/router.ts";
import type { Theme } from "../model/theme.ts";

export interface PageParts {
  readonly page: Page;
  readonly router: Router;
  readonly theme: Theme;
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
