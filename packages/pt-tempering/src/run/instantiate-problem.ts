import type { PortableReplicaProblem, ReplicaProblem } from "@siegert/log-density";
import { must } from "../must.ts";

/** A problem, ready or as plain data that can travel to other threads. */
export type TemperedProblem = ReplicaProblem | PortableReplicaProblem;

/** Whether a problem is plain data that can travel to another thread. */
export function isPortableProblem(problem: unknown): problem is PortableReplicaProblem {
  return (problem as { readonly kind?: unknown } | null | undefined)?.kind === "module";
}

/**
 * Makes a portable problem ready in this thread; one that is ready already is given back.
 * @throws {InvalidArgumentError} when it is neither, or when its module does not make a problem.
 */
export async function instantiateProblem(problem: TemperedProblem): Promise<ReplicaProblem> {
  if (!isPortableProblem(problem)) {
    const requirement = 'be a ReplicaProblem, or { kind: "module", module, export, argument } that makes one';
    must(isProblem(problem), "problem", requirement, problem);
    return problem;
  }
  const { module, export: name = "default", argument } = problem;
  const isAddress = typeof module === "string" && !/^\.{0,2}\//.test(module);
  must(isAddress, "problem.module", "be a package name or an absolute URL, not a path", module);
  const exports = (await import(/* @vite-ignore */ module)) as Record<string, unknown>;
  const make = exports[name];
  must(typeof make === "function", "problem.export", `name a function that ${module} exports`, name);
  const made: unknown = await (make as (argument: unknown) => unknown)(argument);
  const gives = `name a function that gives a ReplicaProblem (${module}, ${name})`;
  must(isProblem(made), "problem.export", gives, made);
  return made;
}

function isProblem(value: unknown): value is ReplicaProblem {
  const { dim, legs = 1, createGroup } = (value ?? {}) as Partial<ReplicaProblem>;
  return Number.isSafeInteger(dim) && dim! > 0 && (legs === 1 || legs === 2) && typeof createGroup === "function";
}
