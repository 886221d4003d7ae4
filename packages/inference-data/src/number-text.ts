/** A number in JSON, which has no NaN, no infinities, and in JavaScript no −0: these as an object with their name. */
export type JsonNumber = number | { readonly number: "NaN" | "Infinity" | "-Infinity" | "-0" };

const NAMED = new Map<unknown, number>([
  ["NaN", Number.NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

export function encodeNumber(value: number): JsonNumber {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { number: Object.is(value, -0) ? "-0" : (String(value) as "NaN" | "Infinity" | "-Infinity") };
}

/** The number, or undefined when the value is not one. */
export function decodeNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "object" || value === null) return undefined;
  return NAMED.get((value as { number?: unknown }).number);
}

/** Attributes and labels hold numbers and strings, alone or in lists. */
export function encodeItems(value: string | number | readonly (string | number)[]): unknown {
  if (typeof value === "object") return value.map(encodeItems);
  return typeof value === "number" ? encodeNumber(value) : value;
}

/** What {@link encodeItems} encoded, or undefined when it is neither numbers nor strings. */
export function decodeItems(value: unknown): string | number | string[] | number[] | undefined {
  if (!Array.isArray(value)) return typeof value === "string" ? value : decodeNumber(value);
  const items = value.map((item) => (typeof item === "string" ? item : decodeNumber(item)));
  if (items.every((item) => typeof item === "number")) return items;
  return items.every((item) => typeof item === "string") ? items : undefined;
}
