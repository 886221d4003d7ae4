export { philox4x32 } from "./philox.ts";
export { createRandom, Random } from "./random.ts";
export type { RandomState } from "./random-state.ts";
export type { PathElement } from "./stream-identity.ts";
