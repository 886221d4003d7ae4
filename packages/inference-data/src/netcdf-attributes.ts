import type { Attribute, Dataset, Group as Hdf5Group } from "h5wasm";
import { STORAGE_ATTRIBUTES } from "./check-names.ts";
import type { Attributes, AttributeValue } from "./inference-data.ts";

/** Attributes of a group or dataset that are its own, not those of storage. */
export function readAttributes(target: Hdf5Group | Dataset): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  const stored = target.attrs;
  for (const name of Object.keys(stored)) {
    if (STORAGE_ATTRIBUTES.has(name)) continue;
    const value = attributeValue(stored[name]);
    if (value !== undefined) attributes[name] = value;
  }
  return attributes;
}

/** The value of an attribute; undefined when there is none or it is neither numbers nor text. */
export function attributeValue(attribute: Attribute | undefined): AttributeValue | undefined {
  if (attribute === undefined) return undefined;
  const value = attribute.value;
  if (value === null) return [];
  const list: unknown[] = Array.isArray(value)
    ? value
    : ArrayBuffer.isView(value)
      ? Array.from(value as ArrayLike<unknown>)
      : [value];
  const items = list.map((item) => (typeof item === "bigint" ? Number(item) : item));
  const isUniform = items.every((item) => typeof item === "number") || items.every((item) => typeof item === "string");
  if (!isUniform) return undefined;
  return items.length === 1 ? (items[0] as string | number) : (items as string[] | number[]);
}

/** The numbers of an attribute; none when it is missing or something else. */
export function attributeNumbers(attribute: Attribute | undefined): number[] {
  const value = attributeValue(attribute);
  return (Array.isArray(value) ? value : [value]).filter((item): item is number => typeof item === "number");
}
