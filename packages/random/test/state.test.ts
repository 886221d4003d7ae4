import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, Random, type RandomState } from "../src/index.ts";
import { draws } from "./goodness-of-fit.ts";

const METHODS: ((random: Random) => number)[] = [
  (random) => random.uint32(),
  (random) => random.uniform(),
  (random) => random.normal(),
  (random) => random.exponential(),
  (random) => random.integer(10),
  (random) => random.gamma(0.5),
  (random) => random.beta(2, 0.5),
  (random) => random.poisson(20),
  (random) => random.categorical([1, 2]),
];
const calls = fc.array(fc.nat(METHODS.length - 1), { maxLength: 40 });

test("a state through JSON goes on with the same bits, wherever in a block it was taken", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), calls, calls, (seed, before, after) => {
      const random = createRandom(seed, "state");
      for (const method of before) METHODS[method]!(random);
      const copy = Random.fromState(JSON.parse(JSON.stringify(random.state())) as RandomState);
      for (const method of after) expect(METHODS[method]!(copy)).toBe(METHODS[method]!(random));
      expect(copy.state()).toEqual(random.state());
    }),
    { numRuns: 300, seed: 3 },
  );
});

test("a state is a snapshot: drawing on, or drawing from a copy, does not change it", () => {
  const random = createRandom(1);
  random.uint32();
  const state = random.state();
  const kept = structuredClone(state);
  draws(10, () => random.uniform());
  draws(10, () => Random.fromState(state).uniform());
  expect(state).toEqual(kept);
  expect(state.position).toBe(1);
});

test("jump(n) is the same as drawing 4n words, and jump(-n) goes back", () => {
  fc.assert(
    fc.property(fc.nat(7), fc.nat(50), (drawn, blocks) => {
      const jumped = createRandom(5);
      const walked = createRandom(5);
      draws(drawn, () => jumped.uint32());
      draws(drawn + 4 * blocks, () => walked.uint32());
      jumped.jump(blocks);
      expect(jumped.state()).toEqual(walked.state());
      expect(jumped.uint32()).toBe(walked.uint32());
      jumped.jump(-blocks);
      const back = createRandom(5);
      draws(drawn + 1, () => back.uint32());
      expect(jumped.uint32()).toBe(back.uint32());
    }),
    { numRuns: 200, seed: 4 },
  );
});

test("jump carries over 2³² blocks, takes bigints, and comes round after 2⁶⁴", () => {
  const random = createRandom(5);
  random.jump(2 ** 40 + 3);
  expect(random.state().counter.slice(0, 2)).toEqual([3, 256]);
  random.jump(2n ** 64n - 2n ** 40n - 3n);
  expect(random.state()).toEqual(createRandom(5).state());
  random.jump(-1);
  expect(random.state().counter.slice(0, 2)).toEqual([0xffffffff, 0xffffffff]);
});

test.each([0.5, Number.NaN, Infinity, 2 ** 53])("jump refuses %d blocks", (blocks) => {
  expect(() => createRandom(1).jump(blocks)).toThrow(expect.objectContaining({ argument: "blocks" }));
});

const good = createRandom(1).state();
test.each<[string, unknown, string]>([
  ["nothing", undefined, "state"],
  ["null", null, "state"],
  ["another generator", { ...good, generator: "pcg64" }, "state.generator"],
  ["a short key", { ...good, key: [1] }, "state.key"],
  ["no key", { generator: good.generator }, "state.key"],
  ["a negative word", { ...good, counter: [0, 0, -1, 0] }, "state.counter"],
  ["a word of 33 bits", { ...good, counter: [0, 0, 2 ** 32, 0] }, "state.counter"],
  ["a fraction", { ...good, counter: [0, 0.5, 0, 0] }, "state.counter"],
  ["NaN for a word", { ...good, key: [Number.NaN, 0] }, "state.key"],
  ["a sparse counter", { ...good, counter: new Array(4) }, "state.counter"],
  ["a string for a word", { ...good, key: ["1", 2] }, "state.key"],
  ["position 4", { ...good, position: 4 }, "state.position"],
  ["no position", { ...good, position: undefined }, "state.position"],
])("fromState refuses %s", (_, state, argument) => {
  expect(() => Random.fromState(state as RandomState)).toThrow(
    expect.objectContaining({ name: "InvalidArgumentError", argument }),
  );
});
