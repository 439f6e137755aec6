/** Shows a stream as a terminal does, with colours and cursor movement, and types into it. Loaded by `late-parts.tsx`. */
import "@xterm/xterm/css/xterm.css";
import "../styles/terminal.css";
import { useSignal } from "@preact/signals";
import { Terminal } from "@xterm/xterm";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { DialState } from "#protocol/dials.ts";
import { useAsking } from "../ui/asking.ts";
import { usePage } from "../ui/context.ts";
import { words } from "../words.ts";
import { keepToPolicy } from "./policy.ts";

const COLUMNS = 80;
const ROWS = 24;
const SCROLLBACK_LINES = 2000;
/** Of a letter's height, in fonts of one width. */
const LETTER_WIDTH = 0.62;
const LEAST_FONT_PX = 7;
const MOST_FONT_PX = 15;
/** Most that the hub takes at once. */
const MAX_TYPED = 4096;
const LOOK = { background: "#0b111c", foreground: "#e9eff8", cursor: "#6fb1ff", selectionBackground: "#1b3558" };

export function XtermView({ device, state }: { device: string; state: DialState }) {
  const page = usePage();
  const may = page.may("operator");
  const place = useRef<HTMLDivElement>(null);
  const { refusal, ask } = useAsking();
  const type = (text: string): Promise<boolean> => ask(page.link.type(device, text.slice(0, MAX_TYPED)));
  const hasGap = useTerminal(place, device, state, (text) => {
    if (may.isGiven.peek()) void type(text);
  });
  return (
    <>
      <p class="hint">{may.isGiven.value ? words.terminal.states[state] : may.why.value}</p>
      <div class="terminal-place" ref={place} />
      <LineForm isAble={may.now.value && state === "connected"} onLine={(line) => type(`${line}\r\n`)} />
      <p class="result" role="status" data-failed={refusal.value !== null}>
        {refusal.value === null ? hasGap && words.terminal.gap : words.terminal.notTyped(refusal.value)}
      </p>
    </>
  );
}

/** @returns whether some text was left out */
function useTerminal(
  place: RefObject<HTMLDivElement | null>,
  device: string,
  state: DialState,
  onType: (text: string) => void,
): boolean {
  const { link } = usePage();
  const terminal = useRef<Terminal | null>(null);
  const typed = useRef(onType);
  typed.current = onType;
  const hasGap = useSignal(false);
  /** What the device asked the terminal long ago was answered then: an answer now would be typed into whatever runs there. */
  const isReplay = useRef(false);

  useEffect(() => {
    if (place.current === null) return;
    const letGo = keepToPolicy();
    const made = createTerminal(place.current);
    terminal.current = made;
    made.onData((text) => {
      if (!isReplay.current) typed.current(text);
    });
    return () => {
      terminal.current = null;
      made.dispose();
      letGo();
    };
  }, [place, device]);

  // A device that is reached for the first time has a terminal from then on: asked again at each change.
  useEffect(
    () =>
      link.openTerminal(device, (news, done) => {
        if (news.isFresh) {
          terminal.current?.reset();
          isReplay.current = true;
        }
        hasGap.value = news.hasGap || (hasGap.value && !news.isFresh);
        if (terminal.current === null) return done();
        terminal.current.write(news.text, () => {
          if (news.isFresh) isReplay.current = false;
          done();
        });
      }),
    [link, device, state, hasGap],
  );
  return hasGap.value;
}

function createTerminal(place: HTMLElement): Terminal {
  const width = (place.parentElement?.clientWidth ?? 0) / COLUMNS / LETTER_WIDTH;
  const terminal = new Terminal({
    cols: COLUMNS,
    rows: ROWS,
    scrollback: SCROLLBACK_LINES,
    convertEol: true,
    fontFamily: getComputedStyle(place).fontFamily,
    fontSize: Math.max(LEAST_FONT_PX, Math.min(MOST_FONT_PX, Math.floor(width))),
    minimumContrastRatio: 4.5,
    theme: LOOK,
  });
  // Tab goes on to the next control, as everywhere on the page.
  terminal.attachCustomKeyEventHandler((event) => event.key !== "Tab");
  terminal.open(place);
  return terminal;
}

function LineForm({ isAble, onLine }: { isAble: boolean; onLine: (line: string) => Promise<boolean> }) {
  const line = useSignal("");
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (isAble && (await onLine(line.value))) line.value = "";
  }
  return (
    <form class="join" onSubmit={(event) => void submit(event)}>
      <input
        type="text"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-label={words.terminal.line}
        placeholder={words.terminal.line}
        value={line.value}
        onInput={(event) => (line.value = event.currentTarget.value)}
      />
      <button type="submit" disabled={!isAble}>
        {words.send}
      </button>
    </form>
  );
}
