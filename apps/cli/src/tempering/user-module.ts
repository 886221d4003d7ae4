import { dirname, isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type ContinuousOptions, continuousReplicas, type TemperedProblem } from "@siegert/pt-tempering";
import { ModelFileError } from "./model-file-error.ts";
import type { ModuleSpec } from "./model-schema.ts";

/**
 * The problem that a user's module exports: a function under the name in the file, which is called with the argument and
 * may run on other threads; or `target` and `reference` (with `explorer` and `secondReference` where wanted), which run on
 * this one.
 * @throws {ModelFileError} when the module cannot be loaded or exports neither.
 */
export async function userProblem(spec: ModuleSpec, modelPath: string): Promise<TemperedProblem> {
  const isFile = spec.module.startsWith(".") || isAbsolute(spec.module);
  const address = isFile ? pathToFileURL(resolve(dirname(modelPath), spec.module)).href : spec.module;
  const exported = await load(address, spec.module, modelPath);
  if (typeof exported[spec.export] === "function") {
    return { kind: "module", module: address, export: spec.export, argument: spec.argument };
  }
  const { target, reference, secondReference, explorer } = exported as Partial<ContinuousOptions>;
  if (target === undefined || reference === undefined) {
    const message = `${spec.module} exports neither a function ${spec.export} that makes a problem, nor target and reference`;
    throw new ModelFileError(modelPath, [{ key: "module", message }]);
  }
  const more = { ...(secondReference && { secondReference }), ...(explorer && { explorer }) };
  return continuousReplicas({ target, reference, ...more });
}

async function load(address: string, name: string, modelPath: string): Promise<Record<string, unknown>> {
  try {
    return (await import(address)) as Record<string, unknown>;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new ModelFileError(modelPath, [{ key: "module", message: `${name} cannot be loaded: ${reason}` }]);
  }
}
