import { InvalidArgumentError } from "@siegert/errors";
import { describe, expect, test } from "vitest";
import { createRandom, Random } from "../src/index.ts";
import { chiSquare, chiSquareEqual, correlationZ, draws, kolmogorovSmirnov } from "./goodness-of-fit.ts";
import { inverse, stateBefore } from "./words-to-state.ts";

const ONES = 0xffffffff;

test("uniform stays inside (0, 1) for the extreme words", () => {
  expect(Random.fromState(stateBefore([0, 0, 0, 0])).uniform()).toBe(2 ** -53);
  expect(Random.fromState(stateBefore([ONES, ONES, 0, 0])).uniform()).toBe(1 - 2 ** -53);
  expect(Random.fromState(stateBefore([2 ** 31, 0, 0, 0])).uniform()).toBe(0.5 + 2 ** -53);
});

describe("a million uniform variates", () => {
  const uniforms = createRandom(42, "uniform test").fillUniform(new Float64Array(1_000_000));

  test("pass Kolmogorov-Smirnov", () => {
    expect(kolmogorovSmirnov(uniforms, (x) => x)).toBeGreaterThan(1e-3);
  });

  test("are serially uncorrelated at lags 1 to 20", () => {
    for (let lag = 1; lag <= 20; lag++) expect(Math.abs(correlationZ(uniforms, uniforms, lag))).toBeLessThan(4);
  });

  test("fill a 32 x 32 grid evenly in pairs", () => {
    const counts = new Float64Array(1024);
    for (let i = 0; i < uniforms.length; i += 2) {
      counts[Math.floor(uniforms[i]! * 32) * 32 + Math.floor(uniforms[i + 1]! * 32)]!++;
    }
    expect(chiSquareEqual(counts)).toBeGreaterThan(1e-3);
  });

  test("are the same one by one", () => {
    const random = createRandom(42, "uniform test");
    expect(draws(1000, () => random.uniform())).toEqual(uniforms.slice(0, 1000));
  });
});

test("each of the 32 bits of a word is fair, and independent of the same bit of the next word", () => {
  const random = createRandom(7, "bits");
  const n = 200_000;
  const ones = new Float64Array(32);
  const equal = new Float64Array(32);
  let previous = random.uint32();
  for (let i = 0; i < n; i++) {
    const word = random.uint32();
    for (let bit = 0; bit < 32; bit++) {
      ones[bit]! += (word >>> bit) & 1;
      equal[bit]! += (~(word ^ previous) >>> bit) & 1;
    }
    previous = word;
  }
  for (const count of [...ones, ...equal]) expect(Math.abs(count - n / 2) / Math.sqrt(n / 4)).toBeLessThan(4.5);
});

test.each([1, 2, 3, 6, 10, 100, 255])("integer(%i) takes each value equally often", (n) => {
  const random = createRandom(42, "integer", n);
  const counts = new Float64Array(n + 1);
  for (let i = 0; i < 100_000; i++) counts[random.integer(n)]!++;
  expect(counts[n]).toBe(0);
  if (n > 1) expect(chiSquareEqual(counts.subarray(0, n))).toBeGreaterThan(1e-3);
});

// Without rejection, 3·2³⁰ values would have two words for each multiple of 3 and one for each other.
test.each([3 * 2 ** 30, 2 ** 32, 2 ** 32 + 1, 3 * 2 ** 51, 2 ** 53])(
  "integer(%d) is even over sixths and residues",
  (n) => {
    const random = createRandom(42, "large integer", String(n));
    const sixths = new Float64Array(6);
    const residues = new Float64Array(21);
    for (let i = 0; i < 100_000; i++) {
      const integer = random.integer(n);
      sixths[Math.floor((integer / n) * 6)]!++;
      residues[integer % 21]!++;
    }
    expect(chiSquareEqual(sixths)).toBeGreaterThan(1e-3);
    expect(chiSquareEqual(residues)).toBeGreaterThan(1e-3);
  },
);

test("integer rejects the words that would make it uneven", () => {
  // For n = 3·2³⁰ a word w is refused when w·n mod 2³² < 2³² mod n = 2³⁰, that is when w is a multiple of 4.
  const random = Random.fromState(stateBefore([4, ONES - 3, 1, 2]));
  expect(random.integer(3 * 2 ** 30)).toBe(0);
  expect(random.state().position).toBe(3);
  // For n = 2³² + 1 to 2⁵³, the incomplete last multiple of n below 2⁵³ is refused.
  const wide = Random.fromState(stateBefore([ONES, ONES, 2 ** 11, 5]));
  expect(wide.integer(3 * 2 ** 51)).toBe(2 ** 32 + 5);
});

test("integer(n) for n up to 2³² agrees with the exact product of word and n", () => {
  const random = createRandom(3, "products");
  for (let i = 0; i < 20_000; i++) {
    const n = 1 + (random.uint32() % 2 ** (1 + (i % 31)));
    const word = random.uint32();
    const isRejected = (BigInt(word) * BigInt(n)) % 2n ** 32n < 2n ** 32n % BigInt(n);
    const stream = Random.fromState(stateBefore([word, 0xffffffff, 0xffffffff, 0xffffffff]));
    const integer = stream.integer(n);
    expect(stream.state().position === 1).toBe(!isRejected);
    if (!isRejected) expect(integer).toBe(Number((BigInt(word) * BigInt(n)) >> 32n));
  }
});

test("the rejection of integer(n) begins at exactly 2³² mod n", () => {
  const random = createRandom(4, "threshold");
  for (let i = 0; i < 2000; i++) {
    const n = (random.uint32() >>> (1 + (i % 20))) | 1;
    if (n === 1) continue;
    const threshold = 2n ** 32n % BigInt(n);
    // The word whose product with n is congruent to the threshold, and the one below it.
    const wordOf = (low: bigint): number => Number(BigInt.asUintN(32, low * inverse(BigInt(n))));
    const accepted = Random.fromState(stateBefore([wordOf(threshold), 1, 2, 3]));
    accepted.integer(n);
    expect(accepted.state().position).toBe(1);
    const rejected = Random.fromState(stateBefore([wordOf(threshold - 1n), 1, 2, 3]));
    rejected.integer(n);
    expect(rejected.state().position).not.toBe(1);
  }
});

test.each([0, -1, 1.5, Number.NaN, Infinity, 2 ** 53 + 2])("integer refuses n = %d", (n) => {
  expect(() => createRandom(1).integer(n)).toThrow(InvalidArgumentError);
});

test("shuffle puts every order of 4 equally often, and permutation is the shuffle of 0, 1, …", () => {
  const random = createRandom(42, "orders");
  const counts = new Map<string, number>();
  for (let i = 0; i < 48_000; i++) {
    const order = random.shuffle(["a", "b", "c", "d"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  expect(chiSquareEqual([...counts.values()])).toBeGreaterThan(1e-3);
  const shuffled = createRandom(1).shuffle(Uint32Array.of(0, 1, 2, 3, 4));
  expect(createRandom(1).permutation(5)).toEqual(shuffled);
});

test("permutation holds each number once, at each place equally often", () => {
  const random = createRandom(42, "places");
  const n = 12;
  const counts = new Float64Array(n * n);
  for (let i = 0; i < 20_000; i++) {
    const permutation = random.permutation(n);
    expect(permutation.toSorted()).toEqual(Uint32Array.from({ length: n }, (_, k) => k));
    for (let place = 0; place < n; place++) counts[permutation[place]! * n + place]!++;
  }
  for (let value = 0; value < n; value++) {
    expect(chiSquareEqual(counts.subarray(value * n, (value + 1) * n))).toBeGreaterThan(1e-3 / n);
  }
  expect(random.permutation(0)).toEqual(new Uint32Array(0));
  expect(random.permutation(1)).toEqual(Uint32Array.of(0));
});

test.each([-1, 0.5, Number.NaN, 2 ** 32])("permutation refuses n = %d", (n) => {
  expect(() => createRandom(1).permutation(n)).toThrow(InvalidArgumentError);
});

test("categorical takes each index in proportion to its weight, and never one of weight 0", () => {
  const weights = [0, 1, 3, 0, 0.5, 2.5, 0];
  // 1e-323 makes every weight a small multiple of the smallest double; 5e307 makes the sum overflow.
  for (const scale of [1, 1e-323, 5e307]) {
    const random = createRandom(42, "categorical");
    const counts = new Float64Array(weights.length);
    for (let i = 0; i < 50_000; i++) counts[random.categorical(weights.map((weight) => weight * scale))]!++;
    expect([counts[0], counts[3], counts[6]]).toEqual([0, 0, 0]);
    expect(
      chiSquare(
        [1, 2, 4, 5].map((i) => counts[i]!),
        [1 / 7, 3 / 7, 0.5 / 7, 2.5 / 7],
      ),
    ).toBeGreaterThan(1e-3);
  }
});

test("categoricalLog does the same from logarithms of any size, with -Infinity for weight 0", () => {
  for (const shift of [0, -1e5, 1e5]) {
    const random = createRandom(42, "categoricalLog");
    const logWeights = [-Infinity, 0, Math.log(3), -Infinity, Math.log(0.5), Math.log(2.5)].map((x) => x + shift);
    const counts = new Float64Array(logWeights.length);
    for (let i = 0; i < 50_000; i++) counts[random.categoricalLog(logWeights)]!++;
    expect([counts[0], counts[3]]).toEqual([0, 0]);
    expect(
      chiSquare(
        [1, 2, 4, 5].map((i) => counts[i]!),
        [1 / 7, 3 / 7, 0.5 / 7, 2.5 / 7],
      ),
    ).toBeGreaterThan(1e-3);
  }
});

test("categorical never takes a last index of weight 0, even where rounding uses up all others", () => {
  // (1 − 2⁻⁵³)·(0.3 + 0.7) − 0.3 rounds to 0.7.
  expect(Random.fromState(stateBefore([ONES, ONES, 0, 0])).categorical([0.3, 0.7, 0])).toBe(1);
});

test("categorical stays in range for the extreme words", () => {
  for (const words of [
    [0, 0, 0, 0],
    [ONES, ONES, 0, 0],
  ] as const) {
    const index = words[0] === 0 ? 1 : 2;
    expect(Random.fromState(stateBefore(words)).categorical([0, 0.1, 0.7, 0])).toBe(index);
    expect(Random.fromState(stateBefore(words)).categoricalLog([-Infinity, 5, 7, -Infinity])).toBe(index);
  }
});

test.each([
  ["an empty array", [], "weights"],
  ["only zeros", [0, 0], "weights"],
  ["a negative weight", [1, -1], "weights[1]"],
  ["NaN", [Number.NaN, 1], "weights[0]"],
  ["Infinity", [1, Infinity], "weights[1]"],
])("categorical refuses %s", (_, weights, argument) => {
  expect(() => createRandom(1).categorical(weights)).toThrow(expect.objectContaining({ argument }));
});

test.each([
  ["an empty array", [], "logWeights"],
  ["only -Infinity", [-Infinity], "logWeights"],
  ["NaN", [0, Number.NaN], "logWeights[1]"],
  ["Infinity", [Infinity], "logWeights[0]"],
])("categoricalLog refuses %s", (_, logWeights, argument) => {
  expect(() => createRandom(1).categoricalLog(logWeights)).toThrow(expect.objectContaining({ argument }));
});
