/**
 * Lets xterm.js draw under the page's policy, which takes styles from the hub's own files only: what it would put into
 * `<style>` elements and `style` attributes goes the way of scripts, which the policy allows.
 */

/**
 * From now on the document makes elements that keep to the policy; xterm asks it whenever it draws.
 * @returns ends that
 */
export function keepToPolicy(): () => void {
  Object.defineProperty(document, "createElement", { value: createLawful, configurable: true });
  return () => Reflect.deleteProperty(document, "createElement");
}

function createLawful(name: string, options?: ElementCreationOptions): HTMLElement {
  const create = Document.prototype.createElement;
  if (name === "style") return styleSheet(create.call(document, "span"));
  const element = create.call(document, name, options);
  if (name === "span") styleByScript(element);
  return element;
}

/** Not shown; its text is a style sheet of the document as long as it stands there. */
function styleSheet(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  element.hidden = true;
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  Object.defineProperty(element, "textContent", { set: (text: string) => sheet.replaceSync(text) });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}

/** Colours of 24 bits come as an attribute. */
function styleByScript(element: HTMLElement): void {
  element.setAttribute = (name, value) => {
    if (name === "style") element.style.cssText = value;
    else Element.prototype.setAttribute.call(element, name, value);
  };
}
