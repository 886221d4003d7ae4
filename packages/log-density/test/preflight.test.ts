import { InvalidArgumentError } from "@siegert/errors";
import { describe, expect, test } from "vitest";
import { type LogDensity, preflight } from "../src/index.ts";
import { normal as normalOf } from "./fixture-target.ts";

const normal = normalOf({ sd: [1, 1] });

describe("preflight", () => {
  test("finds nothing wrong with a good target", () => {
    expect(preflight(normal)).toEqual({ isGood: true, logDensity: 0, problems: [] });
  });

  test("names what is wrong", () => {
    const disagreeing = { ...normal, logDensity: () => 3 };
    expect(preflight(disagreeing).problems[0]).toMatch(/logDensity gives 3 and logDensityAndGradient 0/);
    const moving: LogDensity = {
      ...normal,
      logDensityAndGradient(x, gradient) {
        gradient.fill(0);
        x[0] = 1;
        return -0.5;
      },
    };
    expect(preflight(moving).problems.join()).toMatch(/changed the position/);
    const unwritten = { ...normal, logDensityAndGradient: () => -0 };
    expect(preflight(unwritten).problems[0]).toMatch(/not finite with respect to position\[0\] \(NaN\), position\[1\]/);
    const throwing = {
      ...normal,
      logDensityAndGradient: () => {
        throw new Error("no data");
      },
    };
    expect(preflight(throwing).problems).toEqual(["The log density threw: no data"]);
    expect(
      preflight({ ...normal, logDensity: () => -Infinity, logDensityAndGradient: (_, g) => g.fill(0) && -Infinity })
        .problems[0],
    ).toMatch(/log density is -Infinity; give the target a method terms/);
    expect(() => preflight(normal, [1])).toThrow(InvalidArgumentError);
  });
});
