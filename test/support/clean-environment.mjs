/**
 * Node's environment for a suite, from which the worker's process comes out as it went in. Named by jest.config.js. A worker runs
 * many suites: what one of them left on would make each promise and each collection of garbage slower for all that follow.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { PerformanceObserver } from "node:perf_hooks";
import { TestEnvironment } from "jest-environment-node";

/** Each suite has a jest-circus of its own, and that a storage that Node asks at every promise from then on. @type {Set<AsyncLocalStorage<unknown>>} */
const storages = new Set();
/** prom-client never ends its watch over the collector; through it a closed hub is kept, and all modules of its suite. @type {Set<PerformanceObserver>} */
const observers = new Set();

const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...args) {
  storages.add(this);
  return run.apply(this, args);
};

const { observe } = PerformanceObserver.prototype;
PerformanceObserver.prototype.observe = function (...args) {
  observers.add(this);
  return observe.apply(this, args);
};

export default class CleanEnvironment extends TestEnvironment {
  async teardown() {
    for (const storage of storages) storage.disable();
    for (const observer of observers) observer.disconnect();
    storages.clear();
    observers.clear();
    await super.teardown();
  }
}
