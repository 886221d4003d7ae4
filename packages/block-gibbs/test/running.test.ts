import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  block,
  categoryNodes,
  continueGibbs,
  type EnergyModel,
  energyModel,
  energyObserver,
  enumerateStates,
  functionObserver,
  type GibbsProgress,
  gaussianModel,
  gibbsProgram,
  initialState,
  isingModel,
  momentObserver,
  pottsModel,
  sampleGibbs,
  spinNodes,
  stateObserver,
  userNode,
} from "../src/index.ts";
import { lawP } from "./chi-square.ts";
import { spinGlass } from "./golden-models.ts";

const program = gibbsProgram({ model: spinGlass(0.5) });

/** A model whose only node counts the sweeps. */
function sweepCounter() {
  const node = userNode({
    name: "sweeps",
    reads: [],
    draw(_neighbours, value) {
      value[0]! += 1;
    },
  });
  return energyModel({ nodes: [node], factors: [] });
}

describe("schedules", () => {
  test.each([
    [0, 1, [0, 1, 2, 3]],
    [5, 1, [5, 6, 7, 8]],
    [2, 3, [2, 5, 8, 11]],
  ])("warmup %i, %i steps per draw: draws after sweeps %j", async (warmup, stepsPerDraw, expected) => {
    const counting = gibbsProgram({ model: sweepCounter() });
    const run = await sampleGibbs(counting, { warmup, draws: 4, stepsPerDraw });
    expect([...run.observed.states.values]).toEqual(expected);
  });

  test.each([
    [{ warmup: -1 }, "warmup"],
    [{ draws: 0 }, "draws"],
    [{ stepsPerDraw: 1.5 }, "stepsPerDraw"],
    [{ chains: 0 }, "chains"],
  ])("refuses %j", async (options, argument) => {
    await expect(sampleGibbs(program, options)).rejects.toThrow(new RegExp(`^${argument} must be an integer`));
  });
});

describe("chains", () => {
  test("draw the same alone, together or in batches", async () => {
    const all = await sampleGibbs(program, { seed: 9, chains: 4, warmup: 20, draws: 50 });
    const { values } = all.observed.states;
    for (const chain of [0, 2, 3]) {
      const one = await sampleGibbs(program, { seed: 9, firstChain: chain, warmup: 20, draws: 50 });
      expect(one.observed.states.values).toEqual(values.subarray(chain * 400, (chain + 1) * 400));
    }
    const pair = await sampleGibbs(program, { seed: 9, firstChain: 2, chains: 2, warmup: 20, draws: 50 });
    expect(pair.observed.states.values).toEqual(values.subarray(800));
  });

  test("differ, and depend on the seed", async () => {
    const { values } = (await sampleGibbs(program, { seed: 1, chains: 2, draws: 20 })).observed.states;
    expect(values.subarray(0, 160)).not.toEqual(values.subarray(160));
    const other = (await sampleGibbs(program, { seed: 2, chains: 2, draws: 20 })).observed.states;
    expect(values).not.toEqual(other.values);
  });

  test("that go on from a saved state draw what a longer run would have", async () => {
    const whole = await sampleGibbs(program, { seed: 4, chains: 2, warmup: 10, draws: 30, stepsPerDraw: 2 });
    const part = await sampleGibbs(program, { seed: 4, chains: 2, warmup: 10, draws: 12, stepsPerDraw: 2 });
    const saved = JSON.parse(JSON.stringify(part.state()));
    const rest = await continueGibbs(program, saved, { draws: 18, stepsPerDraw: 2 });
    for (const chain of [0, 1]) {
      const from = chain * 240;
      expect(rest.observed.states.values.subarray(chain * 144, (chain + 1) * 144)).toEqual(
        whole.observed.states.values.subarray(from + 96, from + 240),
      );
    }
    expect(rest.state().sweeps).toBe(whole.state().sweeps);
    expect(rest.states).toEqual(whole.states);
  });

  test("that are stopped anywhere keep what they have and can go on", async () => {
    const whole = await sampleGibbs(program, { seed: 4, warmup: 40, draws: 30, stepsPerDraw: 3 });
    for (const stopAt of [17, 40, 47, 100]) {
      let sweeps = 0;
      const stopping = {
        ...program,
        sweep(...given: Parameters<typeof program.sweep>) {
          sweeps++;
          program.sweep(...given);
        },
      };
      const signal = {
        get aborted() {
          return sweeps >= stopAt;
        },
      };
      const part = await sampleGibbs(stopping, { seed: 4, warmup: 40, draws: 30, stepsPerDraw: 3, signal });
      expect(part.status).toBe("aborted");
      expect(part.draws).toBe(stopAt < 40 ? 0 : Math.floor((stopAt - 1 - 40) / 3) + 1);
      const rest = await continueGibbs(program, part.state(), { draws: 30 - part.draws, stepsPerDraw: 3 });
      const joined = [...part.observed.states.values, ...rest.observed.states.values];
      expect(joined).toEqual([...whole.observed.states.values]);
    }
  });

  test("tell of their progress, the end included", async () => {
    const events: GibbsProgress[] = [];
    await sampleGibbs(program, { warmup: 2000, draws: 3000, onProgress: (event) => events.push(event) });
    expect(events.at(-1)).toMatchObject({ sweep: 4999, sweeps: 4999, draws: 3000, isWarmup: false, secondsLeft: 0 });
  });

  test("refuse a state of another program", async () => {
    const run = await sampleGibbs(program, { draws: 2 });
    const other = gibbsProgram({ model: isingModel({ nodes: 3, edges: [] }) });
    await expect(continueGibbs(other, run.state())).rejects.toThrow("state of chain 0 must have length 3; received 8");
    await expect(continueGibbs(program, {} as never)).rejects.toThrow(InvalidArgumentError);
  });
});

describe("observers", () => {
  const { model } = program;
  const [a, b, c] = model.nodes as readonly [never, never, never];

  test("moments are the means of products of draws, after a transform", async () => {
    const zeroOne = (value: number) => (value + 1) / 2;
    const observers = {
      states: stateObserver([a, b, c]),
      plain: momentObserver([
        [[a], [b]],
        [
          [a, b],
          [a, b, c],
        ],
      ]),
      shifted: momentObserver([[[a, c]]], zeroOne),
    };
    const run = await sampleGibbs(program, { seed: 6, chains: 3, draws: 200, observers });
    const { values } = run.observed.states;
    const mean = (f: (x: number, y: number, z: number) => number) => {
      let sum = 0;
      for (let n = 0; n < 600; n++) sum += f(values[3 * n]!, values[3 * n + 1]!, values[3 * n + 2]!);
      return sum / 600;
    };
    const { means, count, chainMeans } = run.observed.plain;
    expect(count).toBe(600);
    expect(means[0]![0]).toBeCloseTo(
      mean((x) => x),
      14,
    );
    expect(means[1]![0]).toBeCloseTo(
      mean((x, y) => x * y),
      14,
    );
    expect(means[1]![1]).toBeCloseTo(
      mean((x, y, z) => x * y * z),
      14,
    );
    expect(run.observed.shifted.means[0]![0]).toBeCloseTo(
      mean((x, _y, z) => zeroOne(x) * zeroOne(z)),
      14,
    );
    expect((chainMeans[0]![0]![0]! + chainMeans[0]![1]![0]! + chainMeans[0]![2]![0]!) / 3).toBeCloseTo(
      means[0]![0]!,
      14,
    );
  });

  test("energies are those of the states, and functions see every draw", async () => {
    const observers = {
      states: stateObserver(),
      energies: energyObserver(),
      magnetisation: functionObserver((state, out) => {
        for (const s of state) out[0]! += s;
        out[1] = state[0]!;
      }, 2),
    };
    const run = await sampleGibbs(program, { seed: 6, chains: 2, draws: 40, observers });
    const { states, energies, magnetisation } = run.observed;
    for (let n = 0; n < 80; n++) {
      const state = states.values.slice(8 * n, 8 * (n + 1));
      expect(energies.values[n]).toBeCloseTo(model.baseEnergy(state), 12);
      expect(magnetisation.values[2 * n]).toBe(state.reduce((sum, s) => sum + s, 0));
      expect(magnetisation.values[2 * n + 1]).toBe(state[0]);
    }
  });

  test("refuse to keep more than memory holds, before any work", async () => {
    await expect(sampleGibbs(program, { draws: 2 ** 26 })).rejects.toThrow(
      /^observed states must be at most 2\^28 numbers/,
    );
  });

  test("refuse nodes of another model, and moments of nodes with several numbers", async () => {
    const stranger = spinNodes(1, "stranger")[0]!;
    await expect(sampleGibbs(program, { observers: { states: stateObserver([stranger]) } })).rejects.toThrow(
      "stranger0",
    );
    await expect(sampleGibbs(program, { observers: { m: momentObserver([[[a, stranger]]]) } })).rejects.toThrow(
      "stranger0",
    );
    const run = await sampleGibbs(program, { draws: 2, observers: { states: stateObserver([a]) } });
    expect(() => run.observed.states.scalar(b)).toThrow("one that was observed");
  });
});

describe("initial states", () => {
  const fields = [0.3, -0.7, 1.1];
  const model = isingModel({ nodes: 3, edges: [[0, 1]], couplings: 2, fields, beta: 0.6 });

  /** Counts of 40 000 initial states, by their numbers. */
  function counts(which: "coins" | "uniform", of: EnergyModel = model): Float64Array {
    const exact = enumerateStates(of);
    const seen = new Float64Array(exact.count);
    const random = createRandom(2, which);
    for (let n = 0; n < 40_000; n++) seen[exact.indexOf(initialState(of, which, 0, random))]! += 1;
    return seen;
  }

  test("coins are spins on their own: P(s = 1) = σ(2βb), whatever their couplings", () => {
    const alone = enumerateStates(isingModel({ nodes: 3, edges: [], fields, beta: 0.6 }));
    expect(lawP(counts("coins"), alone.probabilities())).toBeGreaterThan(1e-3);
  });

  test("coins of a Potts model follow its fields", () => {
    const potts = { nodes: 2, states: 3, fields: [0.5, 0, -1], beta: 2 };
    const alone = enumerateStates(pottsModel({ ...potts, edges: [] }));
    const joined = pottsModel({ ...potts, edges: [[0, 1]] });
    expect(lawP(counts("coins", joined), alone.probabilities())).toBeGreaterThan(1e-3);
  });

  test("coins at β = 0, and uniform states, are uniform", () => {
    const even = new Float64Array(8).fill(1 / 8);
    expect(lawP(counts("coins", model.withBeta(0)), even)).toBeGreaterThan(1e-3);
    expect(lawP(counts("uniform"), even)).toBeGreaterThan(1e-3);
  });

  test("coins of a Gaussian node have its own mean and precision", () => {
    const gaussian = gaussianModel({ nodes: 1, precisions: 4, fields: 8, beta: 1 });
    const random = createRandom(3, "coins");
    const draws = Array.from({ length: 10_000 }, () => initialState(gaussian, "coins", 0, random)[0]!);
    const mean = draws.reduce((sum, x) => sum + x, 0) / 10_000;
    expect(Math.abs(mean - 2) / (0.5 / 100)).toBeLessThan(4);
  });

  test("zeros are spins down and categories 0; given states are copied", () => {
    const random = createRandom(1);
    expect([...initialState(model, "zeros", 0, random)]).toEqual([-1, -1, -1]);
    const given = Float64Array.of(1, 1, -1);
    const state = initialState(model, given, 0, random);
    expect(state).toEqual(given);
    expect(state).not.toBe(given);
  });

  test.each([
    [Float64Array.of(1, 0, 1), /^s1 in initial must be -1 or 1; received 0/],
    [Float64Array.of(1, 1), /^initial must have length 3; received 2/],
    [[Float64Array.of(1, 1, Number.NaN)], /^s2 in initial\[0\] must be -1 or 1; received NaN/],
    ["hot" as never, /^initial must be "uniform"/],
  ])("refuses %j", async (initial, message) => {
    await expect(sampleGibbs(gibbsProgram({ model }), { initial })).rejects.toThrow(message);
  });

  test("refuses values that a category cannot have", async () => {
    const potts = pottsModel({ nodes: categoryNodes(2, 3), edges: [[0, 1]] });
    const initial = Float64Array.of(3, 0);
    await expect(sampleGibbs(gibbsProgram({ model: potts }), { initial })).rejects.toThrow(
      "c0 in initial must be an integer from 0 to 2; received 3",
    );
  });
});

describe("clamped blocks", () => {
  const nodes = spinNodes(3);
  const model = isingModel({ nodes, edges: [[0, 1]] });
  const held = block([nodes[2]!, nodes[0]!], { name: "held" });
  const clampedProgram = gibbsProgram({ model, clamped: [held] });

  test("keep the values they are given, in the order of their nodes", async () => {
    const run = await sampleGibbs(clampedProgram, { draws: 50, clamped: new Map([[held, [1, -1]]]) });
    const { values } = run.observed.states;
    for (let n = 0; n < 50; n++) expect([values[3 * n], values[3 * n + 2]]).toEqual([-1, 1]);
  });

  test("may differ from chain to chain", async () => {
    const clamped = [new Map([[held, [1, -1]]]), new Map([[held, [-1, 1]]])];
    const run = await sampleGibbs(clampedProgram, { chains: 2, draws: 5, clamped });
    expect([run.states[0]![0], run.states[0]![2]]).toEqual([-1, 1]);
    expect([run.states[1]![0], run.states[1]![2]]).toEqual([1, -1]);
  });

  test("need values; wrong ones name block and node", async () => {
    await expect(sampleGibbs(clampedProgram)).rejects.toThrow(/every clamped block; received "none of held"/);
    const short = new Map([[held, [1]]]);
    await expect(sampleGibbs(clampedProgram, { clamped: short })).rejects.toThrow(
      "values of block held must have length 2",
    );
    const wrong = new Map([[held, [1, 0.5]]]);
    await expect(sampleGibbs(clampedProgram, { clamped: wrong })).rejects.toThrow("s0 in block held must be -1 or 1");
    const free = block([nodes[1]!]);
    const stray = new Map([
      [held, [1, 1]],
      [free, [1]],
    ]);
    await expect(sampleGibbs(clampedProgram, { clamped: stray })).rejects.toThrow(/clamped blocks only; received "s1"/);
  });
});
