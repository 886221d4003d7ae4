import { InvalidArgumentError } from "@siegert/errors";
import { type PortableReplicaProblem, requirePortable } from "@siegert/log-density";
import { indexAddress } from "../index-address.ts";
import { isReference } from "../references/reference.ts";
import type { ReferenceChoice } from "../references/reference-choice.ts";
import type { ContinuousOptions } from "./continuous-replicas.ts";
import type { PortableExplorer } from "./explorer.ts";
import type { ExplorerChoice } from "./explorer-choice.ts";

/**
 * The problem of `continuousReplicas(options)` as plain data, for worker threads and files. Target, references and
 * explorer must be able to travel: a portable target, references made by this package's functions or by a module, and
 * explorers likewise.
 * @throws {InvalidArgumentError} for what cannot travel, saying how to make it.
 */
export function portableReplicas(options: ContinuousOptions): PortableReplicaProblem {
  const { target, reference, secondReference, explorer, ...rest } = options;
  return {
    kind: "module",
    module: indexAddress(),
    export: "continuousReplicas",
    argument: {
      ...rest,
      target: requirePortable(target),
      reference: portableReference(reference, "reference"),
      ...(secondReference && { secondReference: portableReference(secondReference, "secondReference") }),
      ...(explorer && { explorer: portableExplorer(explorer) }),
    },
  };
}

function portableReference(choice: ReferenceChoice, argument: string): ReferenceChoice {
  if (isReference(choice)) {
    const how =
      'be data to run on other threads: make it in a module and give { kind: "module", module, export, argument }';
    throw new InvalidArgumentError(argument, how, choice);
  }
  if (choice.kind !== "fitted-normal") return choice;
  portableReference(choice.start, `${argument}.start`);
  return choice;
}

function portableExplorer(choice: ExplorerChoice): ExplorerChoice {
  if (typeof choice === "object" && "portable" in choice) return (choice as PortableExplorer).portable;
  if (typeof choice === "function" || "create" in choice) {
    const how =
      'be data to run on other threads: make it in a module and give { kind: "module", module, export, argument }';
    throw new InvalidArgumentError("explorer", how, choice);
  }
  if (choice.kind === "compose" || choice.kind === "mix") {
    return { ...choice, explorers: choice.explorers.map(portableExplorer) };
  }
  return choice.kind === "coordinates" ? { ...choice, explorer: portableExplorer(choice.explorer) } : choice;
}
