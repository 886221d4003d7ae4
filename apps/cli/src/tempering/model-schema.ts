import * as z from "zod";

/** Couplings drawn at random: ±scale, or normal with that standard deviation. */
export interface Disorder {
  readonly random: "signs" | "normal";
  readonly scale: number;
  readonly seed: number;
}

/** A lattice, or nodes and edges; exactly one of the two. */
interface Place {
  readonly lattice?: { readonly size: readonly number[]; readonly periodic: boolean } | undefined;
  /** How many, or their names. */
  readonly nodes?: number | readonly (number | string)[] | undefined;
  /** Two nodes, by number or name, and the coupling where it is not the common one. */
  readonly edges?: readonly (readonly [number | string, number | string, number?])[] | undefined;
  readonly coupling: number | Disorder;
  readonly beta: number;
}

/** Ising or Potts. */
export type LatticeSpec =
  | (Place & { readonly model: "ising"; readonly field: number | readonly number[] })
  | (Place & { readonly model: "potts"; readonly states: number; readonly field?: readonly number[] | undefined });

/** A restricted Boltzmann machine. */
export interface BoltzmannSpec {
  readonly model: "rbm";
  /** A row for each visible node, a number in it for each hidden one. */
  readonly weights: readonly (readonly number[])[];
  readonly visibleBias: number | readonly number[];
  readonly hiddenBias: number | readonly number[];
  readonly beta: number;
}

/** A module of the user's. */
export interface ModuleSpec {
  readonly model: "module";
  readonly module: string;
  readonly export: string;
  readonly argument?: unknown;
}

/** A model as its file says, with defaults filled in. */
export type ModelSpec = LatticeSpec | BoltzmannSpec | ModuleSpec;

const MOST_NODES = 10_000_000;

const finite = z.number({ error: "must be a finite number" });
const count = z
  .int({ error: "must be a positive whole number" })
  .positive({ error: "must be a positive whole number" });
const beta = finite.min(0, { error: "must not be negative" }).default(1).describe("inverse temperature of the target");
const numbers = z.array(finite);

const lattice = z
  .strictObject({
    size: z.array(count.max(MOST_NODES)).min(1, { error: "must list one length for each dimension" }),
    periodic: z.boolean().default(true),
  })
  .refine(({ size }) => size.reduce((product, length) => product * length, 1) <= MOST_NODES, {
    error: `must not have more than ${MOST_NODES} nodes`,
  });

const disorder = z.strictObject({
  random: z.enum(["signs", "normal"]),
  scale: finite.positive({ error: "must be positive" }).default(1),
  seed: z.int().nonnegative().default(0),
});

const edge = z.union(
  [
    z.tuple([z.union([z.int(), z.string()]), z.union([z.int(), z.string()]), finite]),
    z.tuple([z.union([z.int(), z.string()]), z.union([z.int(), z.string()])]),
  ],
  {
    error: "must be [node, node] or [node, node, coupling]",
  },
);

/** Where the nodes are: a lattice, or a graph. */
const place = {
  lattice: lattice.optional(),
  nodes: z
    .union([count, z.array(z.union([z.string(), z.int()])).min(1)], {
      error: "must be a number of nodes, or a list of names",
    })
    .optional(),
  edges: z.array(edge).optional(),
  coupling: z.union([finite, disorder], { error: "must be a number or { random, scale, seed }" }).default(1),
  beta,
};

function hasOnePlace({ lattice, nodes, edges }: { lattice?: unknown; nodes?: unknown; edges?: unknown }): boolean {
  return (lattice === undefined) === (nodes !== undefined && edges !== undefined);
}

const PLACE = { error: "must have either lattice, or nodes and edges" };

const ising = z
  .strictObject({ model: z.literal("ising"), ...place, field: z.union([finite, numbers]).default(0) })
  .refine(hasOnePlace, PLACE);

const potts = z
  .strictObject({
    model: z.literal("potts"),
    ...place,
    states: z.int({ error: "must be a whole number of at least 2" }).min(2, { error: "must be at least 2" }).max(255),
    field: numbers.optional(),
  })
  .refine(hasOnePlace, PLACE)
  .refine(({ field, states }) => field === undefined || field.length === states, {
    path: ["field"],
    error: "must have one number for each state",
  });

const rbm = z
  .strictObject({
    model: z.literal("rbm"),
    weights: z.array(numbers.min(1)).min(1, { error: "must have a row for each visible node" }),
    visibleBias: z.union([finite, numbers]).default(0),
    hiddenBias: z.union([finite, numbers]).default(0),
    beta,
  })
  .refine(({ weights }) => weights.every((row) => row.length === weights[0]!.length), {
    path: ["weights"],
    error: "must have rows of one length, one number for each hidden node",
  });

const module = z.strictObject({
  model: z.literal("module"),
  module: z.string().min(1, { error: "must name a file or package" }),
  export: z.string().min(1).default("problem"),
  argument: z.json().optional(),
});

/** A model file: which model, on which nodes, with which couplings, at which inverse temperature. */
export const MODEL_SCHEMA: z.ZodType<ModelSpec> = z.discriminatedUnion("model", [ising, potts, rbm, module], {
  error: 'must have "model": ising, potts, rbm or module',
});
