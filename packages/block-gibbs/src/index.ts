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
export type { Factor, ProductFactor, SquareFactor, UserFactor } from "./factors/factor.ts";
export {
  type AddInteraction,
  type InteractionGroup,
  interactionGroups,
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
export { type EnergyModel, type EnergyModelDefinition, energyModel } from "./models/energy-model.ts";
export { type Block, type BlockOptions, block, type Superblock } from "./nodes/block.ts";
export {
  type CategoryNode,
  categoryNode,
  categoryNodes,
  type GaussianNode,
  gaussianNode,
  gaussianNodes,
  type Node,
  type NodeKind,
  type SpinNode,
  spinNode,
  spinNodes,
  type UserDraw,
  type UserNode,
  type UserNodeDefinition,
  userNode,
} from "./nodes/node.ts";
