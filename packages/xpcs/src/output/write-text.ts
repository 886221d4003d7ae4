import { writeAtomically } from "./atomic-write.ts";

/**
 * Writes a text file atomically, as UTF-8.
 *
 * @throws {OutputError} when it cannot be written.
 */
export async function writeText(path: string, text: string): Promise<void> {
  await writeAtomically(path, async (handle) => {
    await handle.writeFile(text, "utf8");
  });
}

/**
 * Writes a value as JSON atomically: two spaces of indent, keys in the order of the objects, a line break at the end.
 * NaN and infinities become null; typed arrays become lists.
 *
 * @throws {OutputError} when it cannot be written.
 */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeText(path, toJson(value));
}

/** The text of {@link writeJson}. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, (_key, item: unknown) => plain(item), 2)}\n`;
}

function plain(item: unknown): unknown {
  if (typeof item === "number" && !Number.isFinite(item)) return null;
  if (typeof item === "bigint") return item.toString();
  // JSON.stringify visits the list's items in turn, so that they become null too where they are not finite.
  if (ArrayBuffer.isView(item) && !(item instanceof DataView)) return Array.from(item as Float64Array);
  return item;
}
