/** A real Chromium for tests of the page: `CHROMIUM`, or Debian's without windows, which opens a page in half the time. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

export interface TestBrowser {
  /** A page of its own context at `url`; faults of the page fail the test that looks at `faults`. */
  open(url: string, options?: BrowserContextOptions): Promise<Page>;
  /** Errors of scripts and of the page's policy, on all pages so far. */
  readonly faults: string[];
  close(): Promise<void>;
}

export async function launchBrowser(): Promise<TestBrowser> {
  const browser: Browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
  const faults: string[] = [];
  return {
    faults,
    async open(url, options = {}) {
      const context = await browser.newContext({ reducedMotion: "reduce", ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(5000);
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("console", (message) => {
        // While the hub goes or is away its sockets are refused; that is what those tests are about.
        const refused = /ERR_CONNECTION_|WebSocket connection|WebSocket is already in CLOSING/.test(message.text());
        if (message.type() === "error" && !refused) faults.push(message.text());
      });
      await page.goto(url);
      return page;
    },
    close: () => browser.close(),
  };
}
