import { InvalidArgumentError } from "@siegert/errors";
import { checkFields } from "../references/known-fields.ts";
import { loadModule } from "../references/load-module.ts";
import { AutoMalaKernel } from "./auto-mala.ts";
import { ComposedKernel, MixedKernel } from "./compose.ts";
import type { Explorer, ExplorerContext } from "./explorer.ts";
import {
  autoMala,
  type ExplorerChoice,
  type ExplorerFunction,
  gibbs,
  mix,
  onCoordinates,
  type PartialChoice,
  randomWalk,
  slice,
  stretch,
} from "./explorer-choice.ts";
import { GibbsKernel } from "./gibbs.ts";
import { PartialKernel } from "./partial-kernel.ts";
import { PartialShapes } from "./partial-shapes.ts";
import { RandomWalkKernel } from "./random-walk.ts";
import { SliceKernel } from "./slice.ts";
import { StretchKernel } from "./stretch.ts";

/**
 * The explorer that was chosen. Settings given as data are completed with the defaults and checked as the functions do
 * that make them.
 * @throws {InvalidArgumentError} for what is no explorer, and for settings out of range.
 */
export async function makeExplorer(choice: ExplorerChoice): Promise<Explorer> {
  if (typeof choice === "function") return fromFunction(choice);
  if ("create" in (choice ?? {})) return choice as Explorer;
  const { kind } = (choice ?? {}) as { readonly kind?: unknown };
  switch ((choice as Exclude<ExplorerChoice, Explorer | ExplorerFunction>)?.kind) {
    case "slice": {
      const settings = slice(choice as ReturnType<typeof slice>);
      return { create: (context) => new SliceKernel(settings, context) };
    }
    case "random-walk": {
      const settings = randomWalk(defined(choice));
      return { create: (context) => new RandomWalkKernel(settings, context) };
    }
    case "stretch": {
      const settings = stretch(defined(choice));
      return { create: (context) => new StretchKernel(settings, context) };
    }
    case "gibbs": {
      const settings = gibbs(defined(choice));
      return { create: (context) => new GibbsKernel(settings, context) };
    }
    case "auto-mala": {
      const settings = autoMala(defined(choice));
      return { create: (context) => new AutoMalaKernel(settings, context) };
    }
    case "compose":
    case "mix":
      return joined(choice as Extract<ExplorerChoice, { kind: "compose" | "mix" }>);
    case "coordinates":
      return partial(choice as PartialChoice);
    case "module":
      return fromModule(choice as Extract<ExplorerChoice, { kind: "module" }>);
    default:
      throw new InvalidArgumentError(
        "explorer",
        "be made by slice, randomWalk, stretch, gibbs, autoMala, compose, mix or onCoordinates, or be a function, a module " +
          "that gives an explorer, or an object with create",
        kind ?? choice,
      );
  }
}

/** The settings without those that are undefined, so that defaults take their place. */
function defined<T extends object>(choice: unknown): T {
  return Object.fromEntries(Object.entries(choice as object).filter(([, value]) => value !== undefined)) as T;
}

function fromFunction(explore: ExplorerFunction): Explorer {
  return { create: () => ({ explore: (path) => explore(path) }) };
}

async function fromModule(choice: Extract<ExplorerChoice, { kind: "module" }>): Promise<Explorer> {
  const made = await loadModule(choice, "explorer");
  if (typeof made === "function") return fromFunction(made as ExplorerFunction);
  if (typeof (made as Partial<Explorer> | undefined)?.create === "function") return made as Explorer;
  throw new InvalidArgumentError("explorer.export", "name a function that gives an explorer or a function", made);
}

async function joined(choice: Extract<ExplorerChoice, { kind: "compose" | "mix" }>): Promise<Explorer> {
  checkFields("explorer", choice, ["kind", "explorers", ...(choice.kind === "mix" ? ["weights"] : [])]);
  if (!Array.isArray(choice.explorers) || choice.explorers.length === 0) {
    throw new InvalidArgumentError("explorer.explorers", "have at least one entry", choice.explorers);
  }
  const parts: Explorer[] = [];
  for (const part of choice.explorers) parts.push(await makeExplorer(part));
  const kernels = (context: ExplorerContext) => parts.map((part) => part.create(context));
  if (choice.kind === "compose") return { create: (context) => new ComposedKernel(kernels(context)) };
  const { weights } = mix(choice.explorers, choice.weights);
  return { create: (context) => new MixedKernel(kernels(context), weights) };
}

async function partial(choice: PartialChoice): Promise<Explorer> {
  checkFields("explorer", choice, ["kind", "indices", "explorer"]);
  const { indices } = onCoordinates(choice.indices, choice.explorer);
  const part = await makeExplorer(choice.explorer);
  return {
    create(context) {
      const beyond = indices.find((i) => i >= context.dim);
      if (beyond !== undefined) {
        throw new InvalidArgumentError("explorer.indices", `be below the dimension ${context.dim}`, beyond);
      }
      const kernel = part.create({
        ...context,
        dim: indices.length,
        kinds: indices.map((i) => context.kinds[i]!),
        shapes: new PartialShapes(context.shapes, indices),
      });
      return new PartialKernel(kernel, indices, context.kinds);
    },
  };
}
