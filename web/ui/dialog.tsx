/** A dialog over the room: closed by its button, by Escape, or by who opened it. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { words } from "../words.ts";
import { usePage } from "./context.ts";

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  /** A class beside `dialog`. */
  readonly kind?: string;
  readonly children: ComponentChildren;
  onClose(): void;
}

/** Its children are made only while it is open. */
export function Dialog({ title, isOpen, kind = "", children, onClose }: DialogProps) {
  const page = usePage();
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) ref.current?.showModal();
    else ref.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={ref} class={`dialog ${kind}`} aria-labelledby={id} onClose={onClose}>
      {isOpen && (
        <>
          <div class="dialog-head">
            <h2 id={id}>{title}</h2>
            <button type="button" class="quiet" onClick={onClose}>
              {words.close}
            </button>
          </div>
          {children}
          {/* The page's own live region cannot be heard from behind a dialog. */}
          <p class="unseen" role="status">
            {page.announcement}
          </p>
        </>
      )}
    </dialog>
  );
}
