import { InvalidArgumentError } from "@siegert/errors";

/** A value as JSON and the bytes of its arrays, in the order in which the JSON names them. */
export interface FlatValue {
  readonly json: unknown;
  readonly segments: readonly Uint8Array[];
}

type ArrayClass = new (buffer: ArrayBuffer) => ArrayBufferView;

const ARRAYS: Readonly<Record<string, ArrayClass>> = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  BigInt64Array,
  BigUint64Array,
  DataView,
};

/** What JSON cannot hold is an array [kind, …]; arrays themselves are ["array", …]. */
type Tagged = readonly [kind: string, ...rest: unknown[]];

/**
 * Takes a value apart: anything made of plain objects, arrays, typed arrays and buffers, Map, Set, Date, numbers (NaN,
 * infinities and −0 too), bigint, texts, booleans, null and undefined.
 * @param path name of the value in messages.
 * @throws {InvalidArgumentError} naming the part that is anything else.
 */
export function flatten(value: unknown, path: string): FlatValue {
  const segments: Uint8Array[] = [];
  const take = (bytes: Uint8Array) => segments.push(bytes) - 1;
  return { json: flat(value, path, take, []), segments };
}

function flat(value: unknown, path: string, take: (bytes: Uint8Array) => number, above: readonly object[]): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : ["number", Object.is(value, -0) ? "-0" : `${value}`];
  }
  if (value === undefined) return ["undefined"];
  if (typeof value === "bigint") return ["bigint", `${value}`];
  if (typeof value !== "object") {
    throw new InvalidArgumentError(path, "be data that can travel", value);
  }
  if (above.includes(value)) throw new InvalidArgumentError(path, "not contain itself", value);
  const inside = [...above, value];
  const part = (one: unknown, key: string) => flat(one, `${path}${key}`, take, inside);
  if (ArrayBuffer.isView(value)) {
    const name = value.constructor.name;
    // A subclass, such as Node's Buffer, travels as what it is made of.
    const kind = Object.hasOwn(ARRAYS, name) ? name : "Uint8Array";
    return [kind, take(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))];
  }
  if (value instanceof ArrayBuffer) return ["ArrayBuffer", take(new Uint8Array(value))];
  if (Array.isArray(value)) return ["array", ...Array.from(value, (one, k) => part(one, `[${k}]`))];
  if (value instanceof Date) return ["Date", part(value.getTime(), "")];
  if (value instanceof Map) {
    return ["Map", ...[...value].flatMap(([key, one]) => [part(key, " (key)"), part(one, ".get(…)")])];
  }
  if (value instanceof Set) return ["Set", ...[...value].map((one) => part(one, " (member)"))];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    throw new InvalidArgumentError(path, "be data that can travel, not an object of a class", value);
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, part(one, `.${key}`)]));
}

/** The value of what `flatten` gave. @throws {Error} when it is not that. */
export function unflatten({ json, segments }: FlatValue): unknown {
  if (json === null || typeof json !== "object") return json;
  const whole = (one: unknown): unknown => unflatten({ json: one, segments });
  if (!Array.isArray(json)) {
    return Object.fromEntries(Object.entries(json).map(([key, one]) => [key, whole(one)]));
  }
  const [kind, ...rest] = json as unknown as Tagged;
  const pairs = () => rest.flatMap((key, k) => (k % 2 === 0 ? [[whole(key), whole(rest[k + 1])] as const] : []));
  switch (kind) {
    case "array":
      return rest.map(whole);
    case "undefined":
      return undefined;
    case "number":
      return Number(rest[0]);
    case "bigint":
      return BigInt(rest[0] as string);
    case "Date":
      return new Date(whole(rest[0]) as number);
    case "Map":
      return new Map(pairs());
    case "Set":
      return new Set(rest.map(whole));
    default:
      return arrayOf(kind, segments[rest[0] as number]);
  }
}

/** A copy, so that the array has a buffer of its own, aligned for its type; `slice` of a Node buffer would be a view. */
function arrayOf(kind: string, bytes: Uint8Array | undefined): unknown {
  const buffer = bytes && new Uint8Array(bytes).buffer;
  if (buffer && kind === "ArrayBuffer") return buffer;
  const Class = Object.hasOwn(ARRAYS, kind) ? ARRAYS[kind] : undefined;
  if (!buffer || !Class) throw new Error(`${kind} is no kind of data`);
  return new Class(buffer);
}
