/** What in a value the structured clone algorithm refuses, and where: its own message names neither. */
export interface Unclonable {
  /** As code would reach it: `argument.model.logDensity`. */
  readonly path: string;
  /** One sentence for the user. */
  readonly message: string;
}

/** Finds it; the value itself when nothing inside it is to blame, as with a promise or a detached buffer. */
export function findUnclonable(value: unknown, path: string): Unclonable {
  const found = search(value, path, new Set()) ?? { path, what: "refused by the structured clone algorithm" };
  return {
    path: found.path,
    message: `${found.path} cannot travel between threads: it is ${found.what}. Only data travels, closures do not; put code into a module and pass the module's URL with arguments`,
  };
}

/** The error that a task gets for it; a pool revives it as `UnserialisableError`. */
export function unclonableError(value: unknown, path: string): Error {
  const found = findUnclonable(value, path);
  return Object.assign(new Error(found.message), { name: "UnserialisableError", path: found.path });
}

function search(value: unknown, path: string, seen: Set<unknown>): { path: string; what: string } | undefined {
  if (typeof value === "function") return { path, what: value.name ? `the function ${value.name}` : "a function" };
  if (typeof value === "symbol") return { path, what: "a symbol" };
  if (typeof value !== "object" || value === null || seen.has(value)) return undefined;
  seen.add(value);
  if (ArrayBuffer.isView(value)) return isRefused(value) ? { path, what: "a view of a detached buffer" } : undefined;
  for (const [step, inner] of members(value)) {
    const found = search(inner, path + step, seen);
    if (found) return found;
  }
  return isRefused(value) ? { path, what: `a ${value.constructor?.name || "host object"}` } : undefined;
}

function* members(value: object): Generator<[step: string, inner: unknown]> {
  if (value instanceof Map) {
    for (const [key, inner] of value) {
      yield [".keys()", key];
      yield [`.get(${typeof key === "string" ? JSON.stringify(key) : String(key)})`, inner];
    }
  } else if (value instanceof Set) {
    for (const inner of value) yield [".values()", inner];
  } else {
    for (const [key, inner] of Object.entries(value)) yield [step(value, key), inner];
  }
}

function step(owner: object, key: string): string {
  if (Array.isArray(owner)) return `[${key}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function isRefused(value: object): boolean {
  try {
    structuredClone(value);
    return false;
  } catch {
    return true;
  }
}
