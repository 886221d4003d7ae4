import { expect, test } from "vitest";
import { createRandom, philox4x32, Random } from "../src/index.ts";
import { stateBefore } from "./words-to-state.ts";

const words = (hex: string): Uint32Array => Uint32Array.from(hex.split(" "), (word) => Number.parseInt(word, 16));

// The lines "philox4x32 10" of Random123's file kat_vectors.
test.each([
  ["00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
  ["ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"],
  ["243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"],
])("philox4x32 gives Random123's known answer for counter %s", (counter, key, answer) => {
  const out = new Uint32Array(4);
  expect(philox4x32(words(counter), words(key), out)).toBe(out);
  expect(out).toEqual(words(answer));
});

test("philox4x32 may write over its counter and leaves the key alone", () => {
  const counter = new Uint32Array(4);
  const key = new Uint32Array(2);
  philox4x32(counter, key, counter);
  expect(counter).toEqual(words("6627e8d5 e169c58d bc57ac4c 9b00dbd8"));
  expect(key).toEqual(new Uint32Array(2));
});

test.each([
  ["counter", new Uint32Array(3), new Uint32Array(2), new Uint32Array(4)],
  ["key", new Uint32Array(4), new Uint32Array(1), new Uint32Array(4)],
  ["out", new Uint32Array(4), new Uint32Array(2), new Uint32Array(3)],
  ["out", new Uint32Array(4), new Uint32Array(2), [0, 0, 0, 0]],
] as [string, Uint32Array, Uint32Array, Uint32Array][])(
  "philox4x32 refuses a wrong %s",
  (argument, counter, key, out) => {
    expect(() => philox4x32(counter, key, out)).toThrow(expect.objectContaining({ argument }));
  },
);

test("a stream is the blocks of its counter, words in order", () => {
  const random = createRandom(42, "order");
  const { key, counter } = random.state();
  for (let block = 0; block < 10; block++) {
    const expected = philox4x32(
      Uint32Array.of(block, 0, counter[2], counter[3]),
      Uint32Array.from(key),
      new Uint32Array(4),
    );
    expect(Uint32Array.from({ length: 4 }, () => random.uint32())).toEqual(expected);
  }
});

test("the block number carries into its upper word and wraps without touching the stream's name", () => {
  const { key } = createRandom(42).state();
  const at = (c0: number, c1: number): Random =>
    Random.fromState({ generator: "philox4x32-10", key, counter: [c0, c1, 5, 6], position: 3 });
  expect(at(0xffffffff, 7).state()).toMatchObject({ counter: [0xffffffff, 7, 5, 6], position: 3 });
  const carried = at(0xffffffff, 7);
  carried.uint32();
  expect(carried.state()).toMatchObject({ counter: [0, 8, 5, 6], position: 0 });
  const wrapped = at(0xffffffff, 0xffffffff);
  wrapped.uint32();
  expect(wrapped.state()).toMatchObject({ counter: [0, 0, 5, 6], position: 0 });
});

test("Philox run backward, as the tests use it, undoes philox4x32", () => {
  const random = Random.fromState(stateBefore([1, 0xffffffff, 0, 0xdeadbeef]));
  expect([random.uint32(), random.uint32(), random.uint32(), random.uint32()]).toEqual([1, 0xffffffff, 0, 0xdeadbeef]);
});
