import { InvalidArgumentError } from "@siegert/errors";
import type { LogDensity } from "./log-density.ts";
import { isPortable, type ModuleTarget, type PortableTarget } from "./portable.ts";
import { instantiateWasm } from "./wasm-target.ts";

let instances = 0;

/** How many portable targets this thread has compiled or made so far. */
export function instantiateCount(): number {
  return instances;
}

/**
 * Makes a portable target ready for evaluation in this thread; a target that is ready already is given back.
 * @throws {InvalidArgumentError} when it is neither, or when its module does not make a target.
 */
export async function instantiateTarget(target: LogDensity | PortableTarget): Promise<LogDensity> {
  if (!isPortable(target)) {
    if (isLogDensity(target)) return target;
    throw new InvalidArgumentError("target", "be a LogDensity, or a portable target of kind module or wasm", target);
  }
  instances++;
  return target.kind === "wasm" ? instantiateWasm(target) : instantiateModule(target);
}

/**
 * The target as data that can travel to another thread.
 * @throws {InvalidArgumentError} for one that cannot, saying how to make it.
 */
export function requirePortable(target: LogDensity | PortableTarget): PortableTarget {
  if (isPortable(target)) return target;
  throw new InvalidArgumentError(
    "target",
    'be portable to run on other threads, because closures do not travel: give { kind: "module", module: "a package or an absolute URL", ' +
      'export: "name of a function that makes the target", argument } or { kind: "wasm", … }',
    target,
  );
}

async function instantiateModule({ module, export: name = "default", argument }: ModuleTarget): Promise<LogDensity> {
  if (/^\.{0,2}\//.test(module)) {
    throw new InvalidArgumentError("target.module", "be a package name or an absolute URL, not a path", module);
  }
  const exports = (await import(/* @vite-ignore */ module)) as Record<string, unknown>;
  const make = exports[name];
  if (typeof make !== "function") {
    throw new InvalidArgumentError("target.export", `name a function that ${module} exports`, name);
  }
  const made: unknown = await (make as (argument: unknown) => unknown)(argument);
  if (isLogDensity(made)) return made;
  throw new InvalidArgumentError("target.export", `name a function that gives a LogDensity (${module}, ${name})`, made);
}

function isLogDensity(value: unknown): value is LogDensity {
  const { dim, logDensity, logDensityAndGradient } = (value ?? {}) as Partial<LogDensity>;
  return (
    Number.isSafeInteger(dim) &&
    dim! > 0 &&
    typeof logDensity === "function" &&
    typeof logDensityAndGradient === "function"
  );
}
