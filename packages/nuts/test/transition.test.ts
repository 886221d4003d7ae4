/** Single transitions, as samplers that adapt by themselves make them. */
import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import { sample } from "../src/index.ts";
import { createTransitionKernel, type TransitionState, transitionMetric } from "../src/transition/index.ts";
import { uniformityP } from "./chi-square.ts";

/** Standard normals with scales 1 and 3. */
const normals = {
  dim: 2,
  logDensity: ([x = 0, y = 0]: Float64Array) => -0.5 * x * x - (0.5 * y * y) / 9,
  logDensityAndGradient(position: Float64Array, gradient: Float64Array) {
    gradient[0] = -position[0]!;
    gradient[1] = -position[1]! / 9;
    return this.logDensity(position);
  },
};

function stateAt(position: readonly number[]): TransitionState {
  const state = { position: Float64Array.from(position), gradient: new Float64Array(2), logDensity: 0 };
  state.logDensity = normals.logDensityAndGradient(state.position, state.gradient);
  return state;
}

describe.each([
  { name: "the no-U-turn kernel", kernel: { kind: "nuts" } as const },
  { name: "static trajectories", kernel: { kind: "static-hmc", leapfrogs: 5, jitter: 0.5 } as const },
])("$name", ({ kernel }) => {
  test("leaves a normal density as it is, from exact draws and one transition each", () => {
    const transitions = createTransitionKernel({ dim: 2, kernel });
    const metric = transitionMetric({ kind: "diagonal", scale: [1, 2] }, 2);
    const random = createRandom(3, "transition", kernel.kind);
    const radii = new Array<number>(20).fill(0);
    let moved = 0;
    for (let n = 0; n < 20_000; n++) {
      const state = stateAt([random.normal(), 3 * random.normal()]);
      const info = transitions.step(normals, state, metric, 0.7, random);
      if (info.indexInTrajectory !== 0) moved++;
      const bin = Math.min(19, Math.floor(20 * Math.exp(normals.logDensity(state.position))));
      radii[bin] = radii[bin]! + 1;
      expect(state.logDensity).toBe(normals.logDensity(state.position));
    }
    expect(uniformityP(radii)).toBeGreaterThan(1e-3);
    expect(moved).toBeGreaterThan(10_000);
  });
});

test("a transition is the one that `sample` makes, to the last bit", async () => {
  const options = { seed: 8, chains: 1, warmup: 0, draws: 50, metric: "unit", warmStart: { stepSize: 0.4 } } as const;
  const run = await sample(normals, { ...options, initial: { kind: "given", positions: [[0.3, -1]] } });
  const { values } = run.unconstrained();
  const transitions = createTransitionKernel({ dim: 2 });
  const metric = transitionMetric({ kind: "diagonal", scale: [1, 1] }, 2);
  const random = createRandom(8, "nuts", 0, 0, "transitions");
  const state = stateAt([0.3, -1]);
  for (let draw = 0; draw < 50; draw++) {
    transitions.step(normals, state, metric, 0.4, random);
    expect([state.position[0], state.position[1]]).toEqual([values[2 * draw], values[2 * draw + 1]]);
  }
});

test("a wild step is a divergence and leaves the state where it was", () => {
  const wall = { logDensityAndGradient: () => Number.NaN };
  const state = stateAt([0.5, 0.5]);
  const info = createTransitionKernel({ dim: 2 }).step(
    wall,
    state,
    transitionMetric({ kind: "diagonal", scale: [1, 1] }, 2),
    0.5,
    createRandom(1),
  );
  expect(info.isDivergent).toBe(true);
  expect(info.acceptRate).toBe(0);
  expect(Array.from(state.position)).toEqual([0.5, 0.5]);
});

test("bad settings are refused by name", () => {
  const metric = transitionMetric({ kind: "diagonal", scale: [1, 1] }, 2);
  const kernel = createTransitionKernel({ dim: 2 });
  const step = (size: number) => kernel.step(normals, stateAt([0, 0]), metric, size, createRandom(1));
  expect(() => step(0)).toThrow(InvalidArgumentError);
  expect(() => step(Number.NaN)).toThrow(/stepSize/);
  expect(() => createTransitionKernel({ dim: 0 })).toThrow(/dim/);
  expect(() => createTransitionKernel({ dim: 2, maxTreeDepth: 0 })).toThrow(/maxTreeDepth/);
  expect(() => createTransitionKernel({ dim: 2, maxEnergyError: -1 })).toThrow(/maxEnergyError/);
  expect(() => transitionMetric({ kind: "diagonal", scale: [1, 0] }, 2)).toThrow(/scale/);
  const jitter = { kind: "static-hmc", leapfrogs: 3, jitter: 1 } as const;
  expect(() => createTransitionKernel({ dim: 2, kernel: jitter })).toThrow(/jitter/);
  const three = transitionMetric({ kind: "diagonal", scale: [1, 1, 1] }, 3);
  expect(() => kernel.step(normals, stateAt([0, 0]), three, 0.1, createRandom(1))).toThrow(/metric/);
});
