const MS_PER_SECOND = 1_000;

/** The value of a `Date` field, made anew once a second. RFC 9110 §5.6.7 */
export class HttpDate {
  #second = NaN;
  #text = "";

  /** @param wall milliseconds since 1970 */
  at(wall: number): string {
    const second = Math.floor(wall / MS_PER_SECOND);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = new Date(second * MS_PER_SECOND).toUTCString(); // the IMF-fixdate, by ECMA-262
    }
    return this.#text;
  }
}
