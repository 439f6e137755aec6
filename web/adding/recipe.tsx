/** How to run the device: its program, to copy or to download, and the lines to type. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { fileNameOf, type Kind, templateOf } from "../model/kinds.ts";
import { type Blanks, fill } from "../model/template.ts";
import { useParts } from "../ui/context.ts";
import { CopyButton, CopyLine } from "../ui/copy-line.tsx";
import { NotLoaded } from "../ui/lazy.tsx";
import { words } from "../words.ts";
import { linesOf, recipeOf } from "./lines.ts";
import { useTemplate } from "./programs.ts";

/** Where the hub listens for TCP unless it says otherwise (protocol 2.4). */
const TCP_PORT = 5001;

export function Recipe({ kind }: { kind: Exclude<Kind, "dial"> }) {
  const blanks = useBlanks();
  const file = fileNameOf(kind, blanks.id);
  return (
    <section class="recipe" aria-label={words.adding.run}>
      <p>{recipeOf(kind, file)}</p>
      {templateOf(kind) !== null && <Program kind={kind} file={file} blanks={blanks} />}
      {linesOf(kind, blanks).map(({ label, text }) => (
        <div key={text} class="line">
          {label !== "" && <p>{label}</p>}
          <CopyLine text={text} />
        </div>
      ))}
    </section>
  );
}

function useBlanks(): Blanks {
  const { adding, page } = useParts();
  const { ssid, password } = adding.wifi.value;
  return {
    id: adding.fault.value === null ? adding.id.value : "ID",
    address: adding.address.value,
    tcpPort: page.store.hub.value?.tcpPort ?? TCP_PORT,
    ssid,
    password,
    token: adding.token.value,
  };
}

function Program({ kind, file, blanks }: { kind: Kind; file: string; blanks: Blanks }) {
  const { text: template, isMissing } = useTemplate(templateOf(kind));
  const code = useRef<HTMLElement>(null);
  if (isMissing) return <NotLoaded />;
  if (template === null) return <p class="loading">{words.adding.loading}</p>;
  const text = fill(template, blanks, kind === "espruino");
  return (
    <figure class="program">
      <figcaption>
        <code>{file}</code>
        <CopyButton text={text} what={file} shown={code} />
        <DownloadLink text={text} file={file} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section class="text" tabIndex={0} aria-label={words.adding.program(file)}>
        <pre>
          <code ref={code}>{text}</code>
        </pre>
      </section>
    </figure>
  );
}

function DownloadLink({ text, file }: { text: string; file: string }) {
  const url = useMemo(() => URL.createObjectURL(new Blob([text], { type: "text/plain" })), [text]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return (
    <a class="button" href={url} download={file} aria-label={`${words.adding.download}: ${file}`}>
      {words.adding.download}
    </a>
  );
}
