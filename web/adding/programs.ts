/** The programs of `web/programs/`, each loaded when it is first shown. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const LOAD: { readonly [path: string]: () => Promise<string> } = import.meta.glob<string>("../programs/*", {
  query: "?raw",
  import: "default",
});

export type Template = { readonly text: string | null; readonly isMissing: boolean };

/** @param name a file of `web/programs/`; null for none */
export function useTemplate(name: string | null): Template {
  const template = useSignal<Template>({ text: null, isMissing: false });
  useEffect(() => {
    let isCurrent = true;
    const show = (shown: Template): void => {
      if (isCurrent) template.value = shown;
    };
    const load = name === null ? undefined : LOAD[`../programs/${name}`];
    load?.().then(
      (text) => show({ text, isMissing: false }),
      () => show({ text: null, isMissing: true }),
    );
    return () => {
      isCurrent = false;
    };
  }, [name, template]);
  return template.value;
}
