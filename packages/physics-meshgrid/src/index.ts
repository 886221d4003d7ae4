export { correlationMap, type Scaling } from "./correlation-map.ts";
export type { LinearScaling } from "./linear-scaling.ts";
export type { Loss, LossName } from "./loss.ts";
export { createMeshgrid, type Meshgrid } from "./meshgrid.ts";
export type { EngineName, MeshgridOptions } from "./meshgrid-options.ts";
export type { PairSource } from "./pair-source.ts";
