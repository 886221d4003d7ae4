export { compileGraph } from "./compiled/compile-graph.ts";
export {
  CATEGORY,
  type CompiledGraph,
  energy,
  factorEnergy,
  GAUSSIAN,
  nodeEnergy,
  PRODUCT,
  SPIN,
  SQUARE,
  USER,
  USER_FACTOR,
} from "./compiled/compiled-graph.ts";
export type { CompiledUserFactor } from "./compiled/compiled-user-factor.ts";
export { conditionalField } from "./compiled/conditional-field.ts";
export type { DirectedTerm, DirectedTerms } from "./compiled/directed-terms.ts";
export { EnergyCache, type EnergyCacheOptions } from "./energy/energy-cache.ts";
export { EnergyChange } from "./energy/energy-change.ts";
export type { Factor, ProductFactor, SquareFactor, UserFactor } from "./factors/factor.ts";
export { interactionGroups } from "./factors/factor-interactions.ts";
export {
  type AddInteraction,
  type InteractionGroup,
  type UserInteractions,
  userInteractions,
  type WeightedInteractions,
  type WeightedInteractionsDefinition,
  weightedInteractions,
} from "./factors/interaction-group.ts";
export {
  type CategoryFactorDefinition,
  categoryFactor,
  discreteFactor,
  type ProductFactorDefinition,
  productFactor,
  spinFactor,
  squareCategoryFactor,
  squareFactor,
} from "./factors/product-factors.ts";
export { type QuadraticFactorDefinition, quadraticFactor } from "./factors/quadratic-factor.ts";
export { type UserFactorDefinition, userFactor } from "./factors/user-factor.ts";
export { type Adjacency, adjacencyFromEdges, areJoined, conflictAdjacency } from "./graph/adjacency.ts";
export { type Coloring, type ColoringMethod, colorGraph, coloringOf, validateColoring } from "./graph/coloring.ts";
export { completeGraph } from "./graph/complete-graph.ts";
export type { Edges } from "./graph/edges.ts";
export {
  bestElimination,
  type Elimination,
  type EliminationMethod,
  eliminate,
  type TreewidthBounds,
  treewidthBounds,
} from "./graph/elimination.ts";
export { connectedComponents, inducedAdjacency } from "./graph/induced.ts";
export { internalEdges } from "./graph/internal-edges.ts";
export { type EdgeGraph, type LatticeOptions, lattice } from "./graph/lattice.ts";
export { type PlantedSpinGlass, plantedTorus } from "./graph/planted-torus.ts";
export { randomRegularGraph } from "./graph/random-regular.ts";
export { BlockTooWideError } from "./joint/block-too-wide-error.ts";
export { type JointCost, type JointLimits, jointCost } from "./joint/joint-cost.ts";
export { type ConditionalCheck, type ConditionalReport, checkConditionals } from "./models/conditional-check.ts";
export { type EnergyModel, type EnergyModelDefinition, energyModel } from "./models/energy-model.ts";
export { type Enumeration, type EnumerationOptions, enumerateStates } from "./models/enumeration.ts";
export { type GaussianDefinition, gaussianModel } from "./models/gaussian-model.ts";
export { type IsingDefinition, type IsingModel, isingModel } from "./models/ising-model.ts";
export { type FactorData, type ModelData, modelData, modelFromData, type NodeData } from "./models/model-data.ts";
export { type PottsDefinition, pottsModel } from "./models/potts-model.ts";
export {
  type RestrictedBoltzmannDefinition,
  type RestrictedBoltzmannModel,
  restrictedBoltzmann,
} from "./models/restricted-boltzmann.ts";
export { type Block, type BlockOptions, block, type Superblock } from "./nodes/block.ts";
export { type BlockSpec, type BlockSpecModel, blockSpec } from "./nodes/block-spec.ts";
export {
  type CategoryNode,
  categoryNode,
  categoryNodes,
  type GaussianNode,
  gaussianNode,
  gaussianNodes,
  type Node,
  type NodeKind,
  type NodeList,
  type SpinNode,
  spinNode,
  spinNodes,
  type UserDraw,
  type UserNode,
  type UserNodeDefinition,
  userNode,
} from "./nodes/node.ts";
export type { NodeNumbers } from "./nodes/node-numbers.ts";
export type { BlockLimits } from "./partition/block-growth.ts";
export { type BlockSizeOptions, estimateCriticalBeta, recommendBlockSize } from "./partition/block-size.ts";
export {
  type BlocksOfTemperature,
  blocksByTemperature,
  type TemperatureBlockOptions,
} from "./partition/blocks-by-temperature.ts";
export { estimateCorrelations, weightedHammingDistance } from "./partition/correlations.ts";
export {
  type ClassifiedNodes,
  classifyNodes,
  edgeInfluence,
  nodeInfluences,
  type PairStrengths,
  pairInfluences,
} from "./partition/influence.ts";
export { influencePartition } from "./partition/influence-partition.ts";
export { type MergeOptions, mergeBlocks, reblock } from "./partition/merge-blocks.ts";
export { superblocksOf } from "./partition/superblocks.ts";
export { coloredBlocks } from "./program/colored-blocks.ts";
export {
  type GibbsProgram,
  type GibbsProgramDefinition,
  gibbsProgram,
} from "./program/gibbs-program.ts";
export type { ProgramStep, SweepContext } from "./program/program-step.ts";
export { type GibbsReplicaOptions, gibbsReplicas } from "./replicas/gibbs-replicas.ts";
export {
  type BlockData,
  type GibbsReplicaData,
  gibbsReplicasFromData,
  portableGibbs,
} from "./replicas/portable-gibbs.ts";
export { energyObserver, type ObservedEnergies } from "./run/energy-observer.ts";
export { functionObserver, type ObservedNumbers } from "./run/function-observer.ts";
export type { ClampedValues } from "./run/gibbs-chain.ts";
export type { GibbsChainState, GibbsProgress, GibbsRun, GibbsRunState, Observers } from "./run/gibbs-run.ts";
export { type InitialStates, initialState } from "./run/initial-states.ts";
export { momentObserver, type ObservedMoments } from "./run/moment-observer.ts";
export type { DrawExtent, Observer, Recorder, ResultOf } from "./run/observer.ts";
export {
  type ContinueGibbsOptions,
  continueGibbs,
  type DefaultObservers,
  type GibbsRuntimeOptions,
  type SampleGibbsOptions,
  sampleGibbs,
} from "./run/sample-gibbs.ts";
export type { Schedule } from "./run/schedule.ts";
export { type ObservedStates, stateObserver } from "./run/state-observer.ts";
export { categorySampler } from "./samplers/category-sampler.ts";
export type { BoundSampler, ConditionalSampler, SamplerMove, SamplerTarget } from "./samplers/conditional-sampler.ts";
export { gaussianSampler } from "./samplers/gaussian-sampler.ts";
export { jointSampler } from "./samplers/joint-sampler.ts";
export { type MetropolisOptions, metropolisSampler, type Proposal } from "./samplers/metropolis-sampler.ts";
export { spinSampler } from "./samplers/spin-sampler.ts";
export { userSampler } from "./samplers/user-sampler.ts";
export { type KlGradient, type KlGradientOptions, klGradient } from "./training/kl-gradient.ts";
export type { LearningProblem, LearningRows } from "./training/learning-problem.ts";
export { adam, gradientDescent, type Optimizer, type OptimizerRun } from "./training/optimizer.ts";
export { type TrainingProgress, type TrainingResult, type TrainOptions, train } from "./training/train.ts";
export { addWeightStatistics } from "./training/weight-statistics.ts";
export { type EnergyBalance, type EnergyBalanceOptions, energyBalance } from "./verdict/energy-balance.ts";
export { adviseGroundState, type GroundStateAdvice, type GroundStateOptions } from "./verdict/ground-state-advice.ts";
export { type GroundStateOutcome, type GroundStateVerdict, judgeGroundState } from "./verdict/ground-state-verdict.ts";
export { marginalEntropy } from "./verdict/marginal-entropy.ts";
export {
  type SampleConvergence,
  type SampleConvergenceOptions,
  sampleConvergence,
} from "./verdict/sample-convergence.ts";
