/** Native ESM through swc; sources are imported as `.ts`, so nothing is mapped. */
export default {
  // Most suites wait for real sockets and processes most of their time: more of them than cores keep the cores busy.
  maxWorkers: 4,
  testSequencer: "<rootDir>/test/support/longest-first.mjs",
  // Native ESM keeps every suite's modules: a worker that has grown is started anew, before collecting garbage is all it does.
  workerIdleMemoryLimit: "700MB",
  // A test that hangs still ends; one that is only late among others is none that fails.
  testTimeout: 60_000,
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  testEnvironment: "<rootDir>/test/support/clean-environment.mjs",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.tsx?$": [
      "@swc/jest",
      { jsc: { target: "es2023", parser: { syntax: "typescript" } }, module: { type: "es6" } },
    ],
  },
  coverageProvider: "v8",
  collectCoverageFrom: ["{protocol,base,hub,pi-agent,simulate,cli}/**/*.ts"],
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
};
