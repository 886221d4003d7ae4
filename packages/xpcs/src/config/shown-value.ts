/** Marks numbers that JSON has no word for; not a character that text holds. */
const MARK = "\u0000";

/** A value as messages show it: like JSON, but with NaN and infinities by name; at most 60 characters. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "number" && !Number.isFinite(item) ? MARK + String(item) + MARK : item,
  );
  const plain = (text ?? String(value)).replace(/"\\u0000(.*?)\\u0000"/g, "$1");
  return plain.length > 60 ? `${plain.slice(0, 57)}...` : plain;
}
