/** The list of what was said; drawn at most every 150 ms, and not at all while paused. */
import { type ReadonlySignal, type Signal, useSignal } from "@preact/signals";
import { Component } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Said } from "#protocol/dashboard-events.ts";
import { formatTime } from "../model/format.ts";
import { ALL, type MessageFilter, missedBefore, passes } from "../model/message-filter.ts";
import { words } from "../words.ts";
import { usePage } from "./context.ts";

const REDRAW_MS = 150;
/** This near to the bottom counts as there, px. */
const NEAR_BOTTOM = 24;

export function MessageList({ filter }: { filter: Signal<MessageFilter> }) {
  const { store } = usePage();
  const paused = useSignal(false);
  const list = useSlowly(store.said, paused);
  const box = useRef<HTMLDivElement>(null);
  const shown = list.filter((said) => passes(filter.value, said)).length;
  const unread = paused.value ? countAfter(store.said.value, list.at(-1)) : 0;
  useLayoutEffect(() => {
    if (!paused.value && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  });

  function scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = box.current ?? { scrollTop: 0, scrollHeight: 0, clientHeight: 0 };
    const atBottom = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM;
    if (!atBottom) paused.value = true;
  }

  return (
    <section class="log-frame" aria-label={words.messageLog}>
      <div class="log-bar">
        <span class="count">{words.shownOf(shown, list.length)}</span>
        <button type="button" aria-pressed={!paused.value} onClick={() => (paused.value = !paused.value)}>
          {paused.value ? words.paused(unread) : words.following}
        </button>
      </div>
      <div
        class="log"
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={words.messageLog}
        onScroll={scrolled}
      >
        {shown === 0 ? <Nothing filter={filter} /> : <Rows list={list} filter={filter.value} />}
      </div>
    </section>
  );
}

function Rows({ list, filter }: { list: readonly Said[]; filter: MessageFilter }) {
  return (
    <ol>
      {list.flatMap((said, i) => {
        const missed = missedBefore(said, list[i - 1]);
        return [
          missed > 0 && (
            <li key={`missed ${said.seq}`} class="missed">
              {words.missed(missed)}
            </li>
          ),
          passes(filter, said) && <Row key={said.seq} said={said} />,
        ];
      })}
    </ol>
  );
}

/** A thousand rows are compared by key alone: what was said does not change. */
class Row extends Component<{ said: Said }> {
  override shouldComponentUpdate(): boolean {
    return false;
  }

  override render() {
    const { at, from, to, kind, text } = this.props.said;
    return (
      <li class="said" data-kind={kind}>
        <time dateTime={new Date(at).toISOString()}>{formatTime(at)}</time>
        <span class="kind" data-kind={kind}>
          {words.kind(kind)}
        </span>
        <span class="who">
          <b>{from ?? words.page}</b>
          {to.length > 0 && ` → ${to.join(", ")}`}
        </span>
        <code>{text}</code>
      </li>
    );
  }
}

function Nothing({ filter }: { filter: Signal<MessageFilter> }) {
  if (filter.value === ALL) {
    return (
      <div class="nothing">
        <h2>{words.noMessages}</h2>
        <p>{words.noMessagesHelp}</p>
      </div>
    );
  }
  return (
    <div class="nothing">
      <h2>{words.noMatch}</h2>
      <p>{words.noMatchHelp}</p>
      <button type="button" onClick={() => (filter.value = ALL)}>
        {words.clearFilters}
      </button>
    </div>
  );
}

/** The list, renewed at most every `REDRAW_MS`, and kept as it was while paused. */
function useSlowly(source: ReadonlySignal<readonly Said[]>, paused: ReadonlySignal<boolean>): readonly Said[] {
  const slow = useSignal(source.peek());
  useEffect(() => {
    const renew = (): void => {
      if (!paused.peek()) slow.value = source.peek();
    };
    const timer = window.setInterval(renew, REDRAW_MS);
    const stop = paused.subscribe(renew);
    return () => {
      window.clearInterval(timer);
      stop();
    };
  }, [source, paused, slow]);
  return slow.value;
}

function countAfter(list: readonly Said[], last: Said | undefined): number {
  return last === undefined ? list.length : list.filter((said) => said.seq > last.seq).length;
}
