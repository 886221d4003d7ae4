import { InvalidArgumentError } from "@siegert/errors";
import { describe, expect, test } from "vitest";
import { communicationBarrier, equaliseLadder, temper } from "../src/index.ts";
import { measureLadder, tuneLadder } from "../src/ladder/tune-ladder.ts";
import { discreteProblem, exactAcceptance } from "./problems/discrete-path.ts";
import { ISING_4X4, SPIN_GLASS } from "./problems/golden.ts";
import { toyGaussian } from "./problems/toy-gaussian.ts";

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

describe("the barrier", () => {
  test("of straight data is straight: the cubic adds nothing", () => {
    const barrier = communicationBarrier([0, 0.25, 0.5, 0.75, 1], [0.1, 0.1, 0.1, 0.1]);
    expect(barrier.total).toBeCloseTo(0.4, 14);
    for (const beta of range(41).map((i) => i / 40)) {
      expect(barrier.cumulative(beta)).toBeCloseTo(0.4 * beta, 14);
      expect(barrier.local(beta)).toBeCloseTo(0.4, 13);
    }
  });

  test("goes through the data, never falls, and has its local barrier as derivative", () => {
    const betas = [0, 0.1, 0.15, 0.5, 0.9, 1];
    const rejections = [0.3, 0, 0.7, 0.01, 0.2];
    const barrier = communicationBarrier(betas, rejections);
    let cumulated = 0;
    for (const [i, beta] of betas.entries()) {
      expect(barrier.cumulative(beta)).toBeCloseTo(cumulated, 14);
      cumulated += rejections[i] ?? 0;
    }
    const h = 1e-6;
    for (const i of range(997)) {
      const beta = (i + 0.5) / 997;
      expect(barrier.cumulative(beta + h)).toBeGreaterThanOrEqual(barrier.cumulative(beta) - 1e-15);
      const slope = (barrier.cumulative(beta + h) - barrier.cumulative(beta - h)) / (2 * h);
      const isNearKnot = betas.some((knot) => Math.abs(knot - beta) < 2 * h);
      if (!isNearKnot) expect(Math.abs(barrier.local(beta) - slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
    }
  });

  test("equalises a ladder from exact rejections, to the ladder that is known", () => {
    const equal = [0, 0.147756, 0.269302, 0.3622835, 0.4620024, 1];
    // Damped, as a full step jumps over the short end of this barrier.
    let betas = Float64Array.from(range(6), (i) => i / 5);
    for (let step = 0; step < 40; step++) {
      const rejections = range(5).map((i) => 1 - exactAcceptance(ISING_4X4, betas[i]!, betas[i + 1]!));
      const next = equaliseLadder(betas, rejections);
      betas = betas.map((beta, i) => (beta + next[i]!) / 2);
    }
    // That ladder has equal shares of the exact barrier, this one equal rejections: they differ by 0.0012.
    for (const [i, beta] of equal.entries()) expect(Math.abs(betas[i]! - beta)).toBeLessThan(2e-3);
  });

  test("keeps the ends, the order and the number that is asked for, whatever the rejections", () => {
    for (const rejections of [
      [0, 0, 0],
      [1, 1, 1],
      [1, 0, 0],
      [0, 0, 1],
      [0.5, 1e-12, 1],
    ]) {
      for (const size of [2, 3, 4, 17]) {
        const ladder = equaliseLadder([0, 1e-9, 0.5, 3], rejections, size);
        expect(ladder.length).toBe(size);
        expect([ladder[0], ladder[size - 1]]).toEqual([0, 3]);
        for (let i = 1; i < size; i++) expect(ladder[i]!).toBeGreaterThan(ladder[i - 1]!);
      }
    }
  });

  test.each([
    [[0], []],
    [
      [0, 0.5, 0.5, 1],
      [0.1, 0.1, 0.1],
    ],
    [
      [0, 1, 0.5],
      [0.1, 0.1],
    ],
    [[0, 1], [1.1]],
    [[0, 1], [Number.NaN]],
    [[0, 1], []],
    [[-1, 1], [0.1]],
    [[0, Number.NaN], [0.1]],
  ])("refuses %j with rejections %j", (betas, rejections) => {
    expect(() => communicationBarrier(betas, rejections)).toThrow(InvalidArgumentError);
    expect(() => equaliseLadder(betas, rejections)).toThrow(InvalidArgumentError);
  });
});

/** Λ(β) of the toy Gaussian path of even dimension: 2^(2−d) / B(d/2, d/2) · log(σ₀ / σ_β). */
function toyBarrier(dim: number, beta: number): number {
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  const half = dim / 2;
  const beta_ = factorial(half - 1) ** 2 / factorial(dim - 1);
  return ((2 ** (2 - dim) / beta_) * Math.log(1 + 9 * beta)) / 2;
}

test("the barrier of the toy Gaussian path is found everywhere to 0.01", async () => {
  expect(toyBarrier(2, 1)).toBeCloseTo(1.151292546497, 11);
  expect(toyBarrier(10, 1)).toBeCloseTo(2.833259001145, 11);
  const run = await temper(toyGaussian({ dim: 2 }), { chains: 30, rounds: 15, seed: 1, draws: false });
  const barrier = run.barrier();
  for (const beta of range(11).map((i) => i / 10)) {
    expect(Math.abs(barrier.cumulative(beta) - toyBarrier(2, beta))).toBeLessThan(0.01);
  }
});

test("both one-sided estimates of the toy Gaussian's log Z are right at 6 chains", async () => {
  const run = await temper(toyGaussian({ dim: 10 }), { chains: 6, rounds: 12, seed: 1, draws: false });
  const { forward, backward, thermodynamic } = run.last!.evidence.legs[0]!;
  for (const { value } of [forward, backward, thermodynamic]) {
    expect(Math.abs(value! - -5 * Math.log(10))).toBeLessThan(0.2);
  }
});

test.each([
  [ISING_4X4, 1, 2.3541994080683],
  [SPIN_GLASS, 2, 1.9353432450917],
] as const)("the barrier of an energy model is found, and its local barrier", async (path, maxBeta, exact) => {
  const run = await temper(discreteProblem(path), { chains: 40, maxBeta, rounds: 13, seed: 2, draws: false });
  // Σ r falls short of Λ by about π Λ³ / 12N² = 0.002 (for Gaussian energies); its noise is about 0.1 √(2 · 39 / 8192) = 0.01 at most.
  expect(Math.abs(run.barrier().total - exact)).toBeLessThan(0.02);
  if (path !== ISING_4X4) return;
  const local = [
    [0.2, 3.74744135461],
    [0.3, 4.9441333529],
    [0.44, 4.24447321961],
  ] as const;
  for (const [beta, lambda] of local) expect(Math.abs(run.barrier().local(beta) / lambda - 1)).toBeLessThan(0.05);
});

test.each([1, 2, 3])("tuning lands on the ladder of equal barriers within 0.01, seed %i", async (seed) => {
  const run = await temper(discreteProblem(ISING_4X4), { chains: 6, rounds: 14, seed, draws: false });
  const equal = [0, 0.147756, 0.269302, 0.3622835, 0.4620024, 1];
  for (const [i, beta] of equal.entries()) expect(Math.abs(run.betas[i]! - beta)).toBeLessThan(0.01);
});

describe("with tuning", () => {
  test.each([[[0.2, 0.21, 0.22, 1, 1.8, 2.5]], [[0.2, 0.66, 1.12, 1.58, 2.04, 2.5]]])(
    "the pairs of %j get more alike, and the ends stay",
    async (betas) => {
      const run = await temper(discreteProblem(SPIN_GLASS), { betas, adapt: true, rounds: 10, seed: 1, draws: false });
      const spread = ({ pairs }: { readonly pairs: readonly { readonly acceptance: number }[] }) => {
        const mean = pairs.reduce((sum, { acceptance }) => sum + acceptance, 0) / pairs.length;
        return Math.sqrt(pairs.reduce((sum, { acceptance }) => sum + (acceptance - mean) ** 2, 0) / pairs.length);
      };
      expect(spread(run.last!)).toBeLessThan(0.5 * spread(run.rounds[4]!) + 0.05);
      expect(spread(run.last!)).toBeLessThan(0.05);
      expect([run.betas[0], run.betas[5]]).toEqual([0.2, 2.5]);
    },
  );

  test("a ladder that looked equal by luck of a short round is measured again, and left when it was not", () => {
    const betas = [0, 0.2, 0.4, 1];
    const lucky = tuneLadder(undefined, measureLadder(betas, [0.5, 0.5, 0.52], [0.02, 0.02, 0.02]));
    expect([...lucky.next]).toEqual(betas);
    const elsewhere = measureLadder([0, 0.3, 0.5, 1], [0.7, 0.4, 0.2], [0.01, 0.01, 0.01]);
    const returned = tuneLadder(lucky, elsewhere);
    expect([...returned.next]).toEqual(betas);
    const truth = measureLadder(betas, [0.35, 0.45, 0.7], [0.005, 0.005, 0.005]);
    const left = tuneLadder(returned, truth);
    expect(left.best).toBe(truth);
    // Towards the last pair, which is rejected most, in a shorter step than the whole.
    expect(left.next[2]!).toBeGreaterThan(betas[2]!);
    expect(left.next[2]!).toBeLessThan(equaliseLadder(betas, truth.rejections)[2]!);
  });

  test("given ladders stay as they are unless adapt says otherwise", async () => {
    const betas = [0, 0.1, 0.2, 1];
    const run = await temper(discreteProblem(ISING_4X4), { betas, rounds: 6 });
    expect(run.rounds.map(({ schedules }) => schedules[0])).toEqual(run.rounds.map(() => betas));
  });
});

describe("the number of chains", () => {
  test.each([0.5, 0.65, 0.8])(
    "is found for a mean acceptance of %d, with a ladder of as many rungs",
    async (target) => {
      const run = await temper(discreteProblem(ISING_4X4), {
        chains: "auto",
        targetAcceptance: target,
        rounds: 11,
        seed: 5,
        draws: false,
      });
      const probe = run.chainSearch!.at(-1)!;
      expect(run.chains).toBe(run.betas.length);
      expect(run.chains).toBe(probe.chains);
      const { pairs } = run.last!;
      const mean = pairs.reduce((sum, { acceptance }) => sum + acceptance, 0) / pairs.length;
      // One chain more or less changes the mean rejection by its share.
      expect(Math.abs(mean - target)).toBeLessThan(2 * ((1 - target) / (run.chains - 1)));
    },
  );

  test("grows from a saturated ladder, up to the most that is allowed", async () => {
    const options = { chains: "auto", rounds: 8, seed: 1, draws: false } as const;
    const hard = toyGaussian({ dim: 2000 });
    const found = await temper(hard, options);
    expect(found.chainSearch![0]!.maxRejection).toBeGreaterThan(0.99);
    expect(found.chains).toBeGreaterThan(60);
    expect(found.betas.length).toBe(found.chains);
    const capped = await temper(hard, { ...options, maxChains: 12 });
    expect(capped.chains).toBe(12);
    const verdict = capped.verdicts.find(({ about }) => about === "barrier")!;
    expect(verdict.level).toBe("warning");
  });
});
