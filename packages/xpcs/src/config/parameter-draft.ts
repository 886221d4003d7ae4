import type { ParameterDefinition } from "@siegert/physics-core";
import type { ParameterSetting, PriorSetting } from "./settings.ts";
import type { Located } from "./value-readers.ts";

/** All that the file says about one parameter, gathered from wherever it says it. */
export interface Draft {
  readonly definition: ParameterDefinition;
  start: (Located<number> & { readonly path: string }) | undefined;
  fixedAt: Located<number> | undefined;
  isVaried: boolean;
  /** Named among the active parameters. */
  isActive: boolean;
  lower: Located<number> | undefined;
  upper: Located<number> | undefined;
  boundsPath: string;
  prior: PriorSetting;
  priorPlace: ParameterSetting | undefined;
  tiedTo: string | undefined;
}

/** Nothing said yet: the registry's bounds, prior and start. */
export function emptyDraft(definition: ParameterDefinition): Draft {
  return {
    definition,
    start: undefined,
    fixedAt: undefined,
    isVaried: true,
    isActive: false,
    lower: undefined,
    upper: undefined,
    boundsPath: "",
    prior: {},
    priorPlace: undefined,
    tiedTo: undefined,
  };
}

/** The part of a prior that the file states. */
export function stated(prior: PriorSetting): PriorSetting {
  return Object.fromEntries(Object.entries(prior).filter(([, value]) => value !== undefined));
}

/** The registry's start, or the middle of bounds that exclude it (the finite one of half-open bounds). */
export function startWithin(start: number, lower: number, upper: number): number {
  if (start >= lower && start <= upper) return start;
  const middle = (lower + upper) / 2;
  return Number.isFinite(middle) ? middle : Math.min(Math.max(start, lower), upper);
}
