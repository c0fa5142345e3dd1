const AMOUNT = /^(\d{1,12})(\.\d{1,6})?([km]?)$/i;
const FACTORS: Readonly<Record<string, number>> = { "": 1, k: 1_000, m: 1_000_000 };

/** `1000`, or `10k` and `1.5m` of thousands and millions; undefined for what is none. */
export function readAmount(word: string): number | undefined {
  const [, whole, decimals = "", suffix] = AMOUNT.exec(word) ?? [];
  if (whole === undefined) return undefined;
  const factor = FACTORS[suffix.toLowerCase()];
  const value = Number(whole + decimals) * factor;
  return Number(value.toPrecision(15)); // 1.1m is 1100000
}
