/** What every answer tells a browser: scripts and styles of the hub alone, in no frame, no address told to others. Called by `app.ts`. */
import type { RequestHandler } from "express";
import helmet from "helmet";

/** @param isSecure the hub speaks TLS itself: then browsers are to come by it alone */
export function securityHeaders(isSecure: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
      },
    },
    referrerPolicy: { policy: "no-referrer" },
    frameguard: { action: "deny" },
    strictTransportSecurity: isSecure,
    // Browsers heed these by TLS only, and complain of them elsewhere.
    crossOriginOpenerPolicy: isSecure,
    originAgentCluster: isSecure,
  });
}
