import type { Block } from "../nodes/block.ts";
import { categorySampler } from "../samplers/category-sampler.ts";
import type { ConditionalSampler } from "../samplers/conditional-sampler.ts";
import { gaussianSampler } from "../samplers/gaussian-sampler.ts";
import { jointSampler } from "../samplers/joint-sampler.ts";
import { spinSampler } from "../samplers/spin-sampler.ts";
import { userSampler } from "../samplers/user-sampler.ts";

const SAMPLERS = {
  spin: spinSampler,
  category: categorySampler,
  gaussian: gaussianSampler,
  user: userSampler,
} as const;

/** The sampler that suits a block: from the joint law for joint blocks, else by the kind of the nodes. */
export function defaultSampler(block: Block): ConditionalSampler {
  return block.isJoint ? jointSampler() : SAMPLERS[block.kind]();
}
