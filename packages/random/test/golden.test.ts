import { expect, test } from "vitest";
import { createRandom } from "../src/index.ts";

// Draws of a given seed are part of the contract: a change here needs a minor version and a word in the changelog.
test("the draws of seed 42 stay what they are, bit for bit, on every engine", () => {
  const random = createRandom(42, "golden");
  expect(random.uint32()).toBe(864502104);
  expect(random.uniform()).toBe(0.753547721495967);
  expect(random.normal()).toBe(1.012828243971032);
  expect(random.exponential()).toBe(0.04645786225961203);
  expect(random.integer(1000)).toBe(884);
  expect(random.gamma(0.4)).toBe(1.7107624160143824);
  expect(random.gamma(7, 2)).toBe(15.65433473708992);
  expect(random.beta(2, 3)).toBe(0.5255599292291072);
  expect(random.beta(0.2, 0.3)).toBe(0.000026746924783198436);
  expect([random.poisson(0.2), random.poisson(4), random.poisson(1e6)]).toEqual([0, 3, 1001544]);
  expect([random.categorical([1, 2, 3]), random.categoricalLog([1, 2, 3])]).toEqual([0, 1]);
  expect([...random.permutation(6)]).toEqual([3, 0, 1, 5, 4, 2]);
  expect(random.logGamma(1e-3)).toBe(-2497.2008630471737);
  expect(random.state()).toMatchObject({ counter: [15, 0, 5627987, 3388739717], position: 1 });
});
