/** Commands that take a word of their own beside their options: `pharos user password ann`. Called by those commands. */

export interface Words {
  readonly first: string | null;
  /** All others. */
  readonly rest: readonly string[];
}

/** The first word that is neither an option nor its value, where every option takes one. */
export function takeFirst(words: readonly string[]): Words {
  const at = words.findIndex((word, i) => !word.startsWith("-") && !takesNext(words[i - 1] ?? ""));
  if (at < 0) return { first: null, rest: words };
  return { first: words[at] ?? null, rest: [...words.slice(0, at), ...words.slice(at + 1)] };
}

function takesNext(word: string): boolean {
  return word.startsWith("--") && word !== "--help" && !word.includes("=");
}
