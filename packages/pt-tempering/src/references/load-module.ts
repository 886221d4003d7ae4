import { InvalidArgumentError } from "@siegert/errors";
import { checkFields } from "./known-fields.ts";

/** What a module gives: its export under a name, called with an argument. */
export interface ModuleChoice {
  readonly kind: "module";
  /** Package name or absolute URL. */
  readonly module: string;
  /** Default "default". */
  readonly export?: string;
  /** Anything that structured cloning can copy. */
  readonly argument?: unknown;
}

/** Calls what the module exports. @throws {InvalidArgumentError} for a relative path and when it is no function. */
export async function loadModule(choice: ModuleChoice, argument: string): Promise<unknown> {
  checkFields(argument, choice, ["kind", "module", "export", "argument"]);
  const { module, export: name = "default" } = choice;
  if (typeof module !== "string" || /^\.{0,2}\//.test(module)) {
    throw new InvalidArgumentError(`${argument}.module`, "be a package name or an absolute URL, not a path", module);
  }
  const exports = (await import(/* @vite-ignore */ /* webpackIgnore: true */ module)) as Record<string, unknown>;
  const make = exports[name];
  if (typeof make !== "function") {
    throw new InvalidArgumentError(`${argument}.export`, `name a function that ${module} exports`, name);
  }
  return (make as (argument: unknown) => unknown)(choice.argument);
}
