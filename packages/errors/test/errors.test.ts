import { expect, test } from "vitest";
import { InvalidArgumentError, nearest, SiegertError } from "../src/index.ts";

test("InvalidArgumentError says which argument, what it must be and what it was", () => {
  const error = new InvalidArgumentError("stepSize", "be positive and finite", -1);
  expect(error.message).toBe("stepSize must be positive and finite; received -1");
  expect(error).toBeInstanceOf(SiegertError);
  expect(error).toMatchObject({ name: "InvalidArgumentError", argument: "stepSize", received: -1 });
});

test.each([
  ["a long array is shortened", new Float64Array(1000), "received an array of length 1000 [0, 0, 0, 0, ...]"],
  ["a string is quoted", "fast", 'received "fast"'],
  ["an object lists its keys", { a: 1, b: 2 }, "received an object with keys a, b"],
  ["a function is named", Math.exp, "received a function (exp)"],
  ["undefined is said", undefined, "received undefined"],
])("%s", (_, value, expected) => {
  expect(new InvalidArgumentError("x", "be right", value).message).toContain(expected);
});

test.each([
  ["gamma_dot_t", ["gamma_dot_t0", "alpha"], "gamma_dot_t0"],
  ["tolerence", ["tolerance", "loss"], "tolerance"],
  ["apter", ["after", "other"], "after"],
  ["zzzzzz", ["tolerance", "loss"], undefined],
])("nearest(%s) finds the intended name or none", (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});
