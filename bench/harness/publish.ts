/** The last step of `npm run bench`: what was found goes into `docs/performance.md`, its JSON and its charts. */
import { publish } from "./publication.ts";
import { RESULTS_DIR } from "./report.ts";

publish(RESULTS_DIR, "docs");
