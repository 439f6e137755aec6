/** Starts the page. */
import { render } from "preact";
import { App } from "./app.tsx";
import { LATE_PARTS } from "./late-parts.tsx";
import { createAdding } from "./model/adding.ts";
import { browserClock, createPage } from "./model/page.ts";
import { createRouter } from "./model/router.ts";
import { createTheme } from "./model/theme.ts";
import { PageContext } from "./ui/context.ts";

const page = createPage(browserClock());
const router = createRouter();
const theme = createTheme();
const adding = createAdding({ store: page.store, clock: page.clock, origin: location.origin });
const root = document.getElementById("app");

if (root !== null) {
  render(
    <PageContext.Provider value={{ page, router, theme, adding, late: LATE_PARTS }}>
      <App />
    </PageContext.Provider>,
    root,
  );
}
page.start();
