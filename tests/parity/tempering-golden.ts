/** Discrete models of which exact values are known to 13 digits and more: enumerations in 30 digits and more. */
import { type EnergyModel, isingModel, lattice, pottsModel } from "@siegert/block-gibbs";
import type { IsingReplicaOptions, KernelForm } from "@siegert/ising";

/** A number that is taken of a state: spins are ±1, categories 0, 1, … */
export type Observable = (state: Float64Array) => number;

/** A model, the ladders it is tempered on, and what is known of it from enumerations in 30 digits and more. */
export interface GoldenModel {
  readonly name: string;
  readonly model: EnergyModel;
  /** The same for the Ising kernels, and those that have the shape for it. */
  readonly ising?: IsingReplicaOptions;
  readonly forms: readonly KernelForm[];
  readonly observables: Readonly<Record<string, Observable>>;
  readonly ladders: readonly GoldenLadder[];
  /** Known of the law at β: log Z by counting measure, mean energy, its variance, means of observables. */
  readonly rungs: readonly GoldenRung[];
}

/** A ladder with the exact mean acceptance probabilities of its pairs, where they are known. */
export interface GoldenLadder {
  readonly betas: readonly number[];
  readonly acceptances?: readonly number[];
}

export interface GoldenRung {
  readonly beta: number;
  readonly logZ: number;
  readonly meanEnergy: number;
  readonly variance?: number;
  readonly means?: Readonly<Record<string, number>>;
}

const magnetisation: Observable = (state) => Math.abs(state.reduce((sum, spin) => sum + spin, 0)) / state.length;
const absolute = { "|m|": magnetisation };

const OPEN_3X3 = { ...lattice([3, 3], { periodic: false }) };
const TORUS_3X3 = lattice([3, 3]);
const TORUS_4X4 = lattice([4, 4]);
const PLANES_AND_GRAPH = ["replica-planes", "general-graph"] as const;

const GLASS: readonly (readonly [number, number, number])[] = [
  [0, 1, 1],
  [1, 2, -0.75],
  [2, 3, 0.5],
  [3, 4, -1.25],
  [4, 5, 0.875],
  [5, 6, -0.5],
  [6, 7, 1.5],
  [7, 0, -1],
  [0, 4, 0.625],
  [1, 5, -1.125],
  [2, 6, 0.25],
  [3, 7, 0.75],
];
const GLASS_FIELDS = [0.25, -0.5, 0.125, 0, -0.25, 0.375, -0.125, 0.5];
/** The only state of lowest energy, −8.75. */
export const GLASS_GROUND: readonly number[] = [-1, -1, 1, 1, -1, 1, 1, 1];
const GLASS_SPINS = [
  -0.45786508469005, -0.64196135569449, 0.53599275296599, 0.41817451188953, -0.37244967069588, 0.29542245833887,
  0.38319007217572, 0.46898090989139,
];
const GLASS_PAIRS = [
  0.62627492691158, -0.70603903038917, 0.6326013312013, -0.89467812976379, 0.22340230808918, -0.16709381722593,
  0.88991966755094, -0.85807168086508, 0.73705436198517, -0.35144676724117, 0.58120967201944, 0.84606557936379,
];
const spinMeans = Object.fromEntries(GLASS_SPINS.map((mean, i) => [`s${i}`, mean]));
const pairMeans = Object.fromEntries(GLASS_PAIRS.map((mean, k) => [`s${GLASS[k]![0]} s${GLASS[k]![1]}`, mean]));

/** Share of the state that most nodes are in, from 0 to 1. */
const order: Observable = (state) => {
  const counts = [0, 0, 0];
  for (const category of state) counts[category] = counts[category]! + 1;
  return (Math.max(...counts) / (state.length / 3) - 1) / 2;
};
const CRITICAL = Math.log(1 + Math.sqrt(3));

export const ISING_OPEN: GoldenModel = {
  name: "Ising model on 3 × 3, open",
  model: isingModel(OPEN_3X3),
  ising: { lattice: { size: [3, 3], periodic: false } },
  forms: PLANES_AND_GRAPH,
  observables: absolute,
  ladders: [{ betas: [0, 0.15, 0.3, 0.5, 1] }],
  rungs: [
    {
      beta: 0.3,
      logZ: 6.801539051067388,
      meanEnergy: -3.900148063230229,
      variance: 14.78540823433145,
      means: { "|m|": 0.4467377310213238 },
    },
    {
      beta: 1,
      logZ: 12.8094202451311,
      meanEnergy: -11.44766361938695,
      variance: 2.707428896652129,
      means: { "|m|": 0.9633509771048488 },
    },
  ],
};

export const ISING_TORUS_3X3: GoldenModel = {
  name: "Ising model on the 3 × 3 torus, of three colours",
  model: isingModel(TORUS_3X3),
  ising: { nodes: 9, edges: TORUS_3X3.edges },
  forms: PLANES_AND_GRAPH,
  observables: absolute,
  ladders: [{ betas: [0, 0.1, 0.2, 0.3, 0.44] }],
  rungs: [
    {
      beta: 0.2,
      logZ: 6.669744604314108,
      meanEnergy: -4.842892000870611,
      variance: 34.18032679746061,
      means: { "|m|": 0.4599774001857781 },
    },
    {
      beta: 0.44,
      logZ: 9.010260941057474,
      meanEnergy: -14.48116111429469,
      variance: 29.26828442365696,
      means: { "|m|": 0.8702736212351554 },
    },
  ],
};

export const ISING_TORUS_4X4: GoldenModel = {
  name: "Ising model on the 4 × 4 torus",
  model: isingModel(TORUS_4X4),
  ising: { lattice: { size: [4, 4] } },
  forms: PLANES_AND_GRAPH,
  observables: { ...absolute, "m²": (state) => magnetisation(state) ** 2, "m⁴": (state) => magnetisation(state) ** 4 },
  ladders: [
    {
      betas: [0, 0.15, 0.3, 0.4, 0.5, 0.7],
      acceptances: [0.55029064422507, 0.44823494752632, 0.50667065430979, 0.61361372954533, 0.72128134734862],
    },
    { betas: [0, 0.2, 0.3, 0.44, 0.6, 1] },
  ],
  rungs: [
    {
      beta: 0.2,
      logZ: 11.77147035854158,
      meanEnergy: -7.298165912685555,
      variance: 47.81847551494232,
      means: { "|m|": 0.3427656275535899 },
    },
    {
      beta: 0.44,
      logZ: 15.50472653871816,
      meanEnergy: -25.00555244966149,
      variance: 64.84723546267453,
      means: { "|m|": 0.8427156409813719 },
    },
    {
      beta: 0.6,
      logZ: 20.05653288434681,
      meanEnergy: -30.52911244529702,
      variance: 14.02461320329142,
      means: { "|m|": 0.9728674502446004 },
    },
    {
      beta: 1,
      logZ: 32.69872140187933,
      meanEnergy: -31.95453504409227,
      variance: 0.3745503593099921,
      means: { "|m|": 0.999274583700556 },
    },
  ],
};

/** Binder's cumulant 1 − ⟨m⁴⟩/3⟨m²⟩² of the 4 × 4 torus, by β. */
export const BINDER: ReadonlyMap<number, number> = new Map([
  [0.2, 0.2078597650727277],
  [0.44, 0.6167330675078637],
  [0.6, 0.6607535637584498],
  [1, 0.6665537567939918],
]);

export const SPIN_GLASS: GoldenModel = {
  name: "spin glass of 8 spins in fields",
  model: isingModel({
    nodes: 8,
    edges: GLASS.map(([i, j]) => [i, j] as const),
    couplings: GLASS.map(([, , coupling]) => coupling),
    fields: GLASS_FIELDS,
  }),
  ising: { nodes: 8, edges: GLASS, fields: GLASS_FIELDS },
  forms: ["general-graph"],
  observables: {
    ...Object.fromEntries(GLASS_SPINS.map((_, i) => [`s${i}`, (state: Float64Array) => state[i]!])),
    ...Object.fromEntries(GLASS.map(([i, j]) => [`s${i} s${j}`, (state: Float64Array) => state[i]! * state[j]!])),
    ground: (state) => (state.every((spin, i) => spin === GLASS_GROUND[i]) ? 1 : 0),
  },
  ladders: [
    {
      betas: [0, 0.25, 0.5, 1, 2],
      acceptances: [0.56769652288214, 0.59375668515965, 0.44709469076055, 0.57385348876377],
    },
  ],
  rungs: [
    {
      beta: 0.5,
      logZ: 6.817212326614265,
      meanEnergy: -4.846970027806215,
      variance: 7.77167199972355,
      means: { ground: 0.08696823633291922 },
    },
    {
      beta: 1,
      logZ: 9.9760820093624,
      meanEnergy: -7.362316866076343,
      variance: 2.770403741067713,
      means: { ground: 0.2934400236370739, ...spinMeans, ...pairMeans },
    },
  ],
};

export const POTTS: GoldenModel = {
  name: "Potts model of three states on the 3 × 3 torus",
  model: pottsModel({ ...TORUS_3X3, states: 3 }),
  forms: [],
  observables: { order },
  ladders: [
    {
      betas: [0, 0.4, 0.8, 1.2, 1.6],
      acceptances: [0.53184584946909, 0.33525823810264, 0.41253221009891, 0.8498283367427],
    },
    { betas: [0, 0.25, 0.5, 0.75, 1, CRITICAL] },
  ],
  rungs: [
    {
      beta: 0.5,
      logZ: 13.51714394246741,
      meanEnergy: -8.938544126182565,
      variance: 9.39680639358575,
      means: { order: 0.4280178652336156 },
    },
    {
      beta: 1,
      logZ: 19.60985341053475,
      meanEnergy: -15.62632094812811,
      variance: 10.53897763066165,
      means: { order: 0.8679156335801188 },
    },
    {
      beta: CRITICAL,
      logZ: 19.68893973184678,
      meanEnergy: -15.67909993187906,
      variance: 10.35311971072209,
      means: { order: 0.8711112404061081 },
    },
  ],
};

export const POTTS_OPEN: GoldenModel = {
  name: "Potts model of three states on 3 × 3, open",
  model: pottsModel({ ...OPEN_3X3, states: 3 }),
  forms: [],
  observables: { order },
  ladders: [{ betas: [0, 0.3, 0.6, 1] }],
  rungs: [{ beta: 1, logZ: 15.48223420199592, meanEnergy: -7.59133162581553 }],
};

export const GOLDEN: readonly GoldenModel[] = [
  ISING_OPEN,
  ISING_TORUS_3X3,
  ISING_TORUS_4X4,
  SPIN_GLASS,
  POTTS,
  POTTS_OPEN,
];
