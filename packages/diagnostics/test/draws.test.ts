import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { Draws } from "../src/index.ts";

/** Two chains of three draws of a scalar and a 2 × 2 array; every value tells where it belongs. */
const tau = Float64Array.from({ length: 6 }, (_, s) => s);
const theta = Float64Array.from({ length: 24 }, (_, i) => 100 * Math.floor(i / 4) + (i % 4));
const draws = new Draws({ chains: 2, draws: 3, variables: { tau, theta: { values: theta, shape: [2, 2] } } });

test("numbers of an array are labelled row by row, with indices from 0", () => {
  expect(Array.from(draws.scalars(), (scalar) => scalar.label)).toEqual([
    "tau",
    "theta[0, 0]",
    "theta[0, 1]",
    "theta[1, 0]",
    "theta[1, 1]",
  ]);
  const [, , third] = draws.scalars();
  expect(third!.index).toEqual([0, 1]);
  expect(Array.from(third!.chains.values)).toEqual([1, 101, 201, 301, 401, 501]);
});

test("scalar gives one number's chains; names, shapes and values are kept", () => {
  expect(Array.from(draws.scalar("theta", 1, 0).values)).toEqual([2, 102, 202, 302, 402, 502]);
  expect(draws.scalar("tau")).toEqual({ values: tau, chains: 2, draws: 3 });
  expect(draws.scalar("tau").values).toBe(tau);
  expect(draws.names).toEqual(["tau", "theta"]);
  expect([draws.shape("tau"), draws.shape("theta")]).toEqual([[], [2, 2]]);
  expect(draws.values("theta")).toBe(theta);
});

test("vectors with all variables one after the other are taken apart", () => {
  const width = 5;
  const packed = Float64Array.from({ length: 6 * width }, (_, i) => {
    const [s, k] = [Math.floor(i / width), i % width];
    return k === 0 ? tau[s]! : theta[4 * s + k - 1]!;
  });
  const unpacked = Draws.fromPacked(packed, { chains: 2, draws: 3, variables: { tau: [], theta: [2, 2] } });
  expect(unpacked.values("tau")).toEqual(tau);
  expect(unpacked.values("theta")).toEqual(theta);
  expect(() => Draws.fromPacked(packed, { chains: 2, draws: 3, variables: { tau: [] } })).toThrow(
    "values must have length chains · draws · parameters = 6",
  );
});

test("what does not fit is refused", () => {
  const make = (variables: ConstructorParameters<typeof Draws>[0]["variables"]) => () =>
    new Draws({ chains: 2, draws: 3, variables });
  expect(make({})).toThrow("variables must hold at least one variable");
  expect(make({ a: new Float64Array(5) })).toThrow("variables.a must be a Float64Array of length chains");
  expect(make({ a: { values: tau, shape: [0] } })).toThrow("variables.a.shape must be a positive integer");
  expect(() => new Draws({ chains: 0, draws: 3, variables: { tau } })).toThrow(InvalidArgumentError);
  expect(() => draws.scalar("theta", 2, 0)).toThrow("index must lie within the shape [2, 2] of theta");
  expect(() => draws.scalar("theta", 1)).toThrow(InvalidArgumentError);
  expect(() => draws.scalar("tau", 0)).toThrow(InvalidArgumentError);
  expect(() => draws.values("thet")).toThrow("name must be one of tau, theta (did you mean theta?)");
});
