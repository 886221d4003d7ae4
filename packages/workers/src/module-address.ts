import { InvalidArgumentError } from "@siegert/errors";
import { nodeProcess } from "./node-host.ts";

/**
 * What the worker imports. A path becomes a URL; a bare name stays, for the worker's registry or resolution.
 * @throws {InvalidArgumentError} for a relative path: relative to which file, a worker could not know.
 */
export function moduleAddress(module: string | URL): string {
  if (module instanceof URL) return module.href;
  if (typeof module !== "string" || module === "") {
    throw new InvalidArgumentError("task.module", "be a URL or a nonempty string; functions do not travel", module);
  }
  if (/^\.\.?\//.test(module)) {
    const advice = "be a URL where it is relative to a file: new URL(path, import.meta.url)";
    throw new InvalidArgumentError("task.module", advice, module);
  }
  const isPath = module.startsWith("/") || /^[A-Za-z]:[\\/]/.test(module);
  if (!isPath) return module;
  const url = nodeProcess()?.getBuiltinModule("node:url") as { pathToFileURL(path: string): URL } | undefined;
  return url ? url.pathToFileURL(module).href : new URL(module, globalThis.location.href).href;
}
