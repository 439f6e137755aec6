/** Checks UTF-8 octet by octet (RFC 3629, section 4), so that text is known to be invalid before it ends. Used by `echo-text-watch.ts`. */

export class Utf8Check {
  /** Octets that must still follow to end the present character, and the range of the next one. */
  #missing = 0;
  #low = 0x80;
  #high = 0xbf;

  /** @returns whether what was taken so far, with this octet, may begin a valid text */
  take(octet: number): boolean {
    if (this.#missing > 0) return this.#follow(octet);
    return octet < 0x80 || this.#begin(octet);
  }

  #follow(octet: number): boolean {
    const fits = octet >= this.#low && octet <= this.#high;
    this.#expect(this.#missing - 1);
    return fits;
  }

  /** Overlong forms, surrogates and what lies beyond U+10FFFF show in the second octet at the latest. */
  #begin(octet: number): boolean {
    if (octet < 0xc2 || octet > 0xf4) return false;
    if (octet < 0xe0) this.#expect(1);
    else if (octet < 0xf0) this.#expect(2, octet === 0xe0 ? 0xa0 : 0x80, octet === 0xed ? 0x9f : 0xbf);
    else this.#expect(3, octet === 0xf0 ? 0x90 : 0x80, octet === 0xf4 ? 0x8f : 0xbf);
    return true;
  }

  #expect(missing: number, low = 0x80, high = 0xbf): void {
    this.#missing = missing;
    this.#low = low;
    this.#high = high;
  }
}
