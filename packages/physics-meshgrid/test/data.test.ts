import { InvalidArgumentError } from "@siegert/errors";
import { createModel } from "@siegert/physics-core";
import { describe, expect, test } from "vitest";
import { createMeshgrid, type MeshgridOptions } from "../src/index.ts";
import { experimentOf, noise, STATIC, simulate, TWO_COMPONENT, vectorOf } from "./cases.ts";

const FRAMES = 12;
const model = createModel({ mode: "static_isotropic" });
const experiment = experimentOf(FRAMES, [0, 90]);
const x = vectorOf(STATIC, 2);
const c2 = simulate(model, experiment, x, 0.01, 8);
const LINEAR = { name: "linear", scale: 1 } as const;

describe("data come as one array, one per angle, or a function", () => {
  const size = FRAMES * FRAMES;
  test("with the same result, each angle asked for once, in order", () => {
    const asked: number[] = [];
    const load = (angle: number) => {
      asked.push(angle);
      return c2.slice(angle * size, (angle + 1) * size);
    };
    const forms = [c2, [c2.slice(0, size), c2.slice(size)], load] as const;
    const values = forms.map((form) => createMeshgrid({ model, experiment, c2: form }).chi2(x));
    expect(values[1]).toBe(values[0]);
    expect(values[2]).toBe(values[0]);
    expect(asked).toEqual([0, 1]);
  });

  test("and are not kept: later changes do not matter", () => {
    const copy = c2.slice();
    const mesh = createMeshgrid({ model, experiment, c2: copy });
    const before = mesh.chi2(x);
    copy.fill(0);
    expect(mesh.chi2(x)).toBe(before);
  });

  test("of which only the upper triangle is read", () => {
    const upper = c2.map((value, k) => (k % FRAMES > Math.floor(k / FRAMES) % FRAMES ? value : Number.NaN));
    expect(createMeshgrid({ model, experiment, c2: upper }).chi2(x)).toBe(
      createMeshgrid({ model, experiment, c2 }).chi2(x),
    );
  });
});

test("weights 0 and 1 leave exactly the pairs of weight 1", () => {
  const random = noise(6);
  const weights = c2.map(() => (random() > 0 ? 1 : 0));
  const mesh = createMeshgrid({ model, experiment, c2, weights });
  const residuals = new Float64Array(mesh.residualCount);
  createMeshgrid({ model, experiment, c2 }).residuals(x, residuals);
  let [expected, pairs, k] = [0, 0, 0];
  for (let a = 0; a < 2; a++) {
    for (let i = 0; i < FRAMES; i++) {
      for (let j = i + 1; j < FRAMES; j++, k++) {
        if (weights[(a * FRAMES + i) * FRAMES + j] === 0) continue;
        expected += residuals[k]! ** 2;
        pairs++;
      }
    }
  }
  expect(mesh.pairCount).toBe(pairs);
  expect(mesh.chi2(x)).toBeCloseTo(expected, 14);
});

test("two components leave out a frame at t = 0, and only that", () => {
  const two = createModel({ mode: "two_component" });
  const y = vectorOf(TWO_COMPONENT, 1);
  for (const [start, frames] of [
    [0, FRAMES - 1],
    [1, FRAMES],
  ] as const) {
    const setting = experimentOf(FRAMES, [0], start);
    const data = simulate(two, setting, y, 0.01, 2);
    const mesh = createMeshgrid({ model: two, experiment: setting, c2: data });
    expect(mesh.residualCount).toBe((frames * (frames - 1)) / 2);
    expect(mesh.map(y, 0).length).toBe(FRAMES * FRAMES);
  }
});

describe("points that cannot be evaluated are rejected, not thrown", () => {
  test.each([
    ["NaN", Number.NaN],
    ["Infinity", Infinity],
    ["a value that overflows", 1e308],
  ])("%s", (_, value) => {
    const mesh = createMeshgrid({ model, experiment, c2 });
    const y = x.slice();
    y[0] = value;
    y[1] = 2;
    const gradient = new Float64Array(7);
    const jtj = new Float64Array(49);
    expect(mesh.chi2(y)).toBeNaN();
    expect(mesh.chi2AndGradient(y, gradient)).toBeNaN();
    expect(gradient.every(Number.isNaN)).toBe(true);
    expect(mesh.cost(y, { name: "arctan", scale: 1 })).toBeNaN();
    expect(mesh.normalEquations(y, LINEAR, jtj, gradient)).toBeNaN();
    expect(jtj.every(Number.isNaN)).toBe(true);
  });
});

describe("refusals name the argument", () => {
  const refuse = (change: Partial<Record<keyof MeshgridOptions, unknown>>, message: RegExp) => {
    const options = { model, experiment, c2, ...change } as MeshgridOptions;
    expect(() => createMeshgrid(options)).toThrow(InvalidArgumentError);
    expect(() => createMeshgrid(options)).toThrow(message);
  };
  test("data of the wrong size or form", () => {
    refuse({ c2: c2.subarray(1) }, /c2 must hold 2 × 12 × 12 numbers/);
    refuse({ c2: [c2.subarray(0, 144)] }, /c2 must hold one map per angle, 2/);
    refuse({ c2: [c2.subarray(0, 144), c2] }, /c2\[1\] must hold 12 × 12 numbers/);
    refuse({ c2: () => c2 }, /c2\(0\) must give 12 × 12 numbers/);
    refuse({ c2: undefined }, /c2/);
    refuse({ weights: c2.subarray(1) }, /weights must hold 2 × 12 × 12 numbers/);
  });
  test("values that are not finite: how many, and where the first is", () => {
    const bad = c2.slice();
    bad[144 + 3 * 12 + 7] = Number.NaN;
    bad[144 + 5 * 12 + 9] = Infinity;
    bad[144 + 9 * 12 + 5] = Number.NaN;
    refuse({ c2: bad }, /at angle 1, 2 entries do not, the first at \(3, 7\)/);
    const weights = new Float64Array(c2.length).fill(1);
    weights[2 * 12 + 4] = -1;
    refuse(
      { weights },
      /weights must be finite and not negative \(at angle 0, 1 entry does not, the first at \(2, 4\)\)/,
    );
  });
  test("options that do not exist", () => {
    refuse({ tileSize: 7 }, /tileSize must be an even integer/);
    refuse({ tileSize: 2048 }, /tileSize/);
    refuse({ engine: "gpu" }, /engine must be/);
    refuse({ experiment: { ...experiment, q: 0 } }, /q must be positive/);
  });
  test("arguments of the wrong length, losses and angles", () => {
    const mesh = createMeshgrid({ model, experiment, c2 });
    expect(() => mesh.chi2(x.subarray(1))).toThrow(/x must have length 7/);
    expect(() => mesh.chi2AndGradient(x, new Float64Array(6))).toThrow(/gradient must have length 7/);
    expect(() => mesh.normalEquations(x, LINEAR, new Float64Array(7), new Float64Array(7))).toThrow(
      /jtj must have length 49/,
    );
    expect(() => mesh.normalEquations(x, LINEAR, new Float64Array(49), new Float64Array(6))).toThrow(/jtr/);
    expect(() => mesh.residuals(x, new Float64Array(3))).toThrow(/out must have length 132/);
    expect(() => mesh.jacobian(x, new Float64Array(3))).toThrow(/out must have length 924/);
    expect(() => mesh.scoreOuterProducts(x, LINEAR, new Float64Array(3))).toThrow(/out must have length 49/);
    expect(() => mesh.cost(x, { name: "tukey", scale: 1 } as never)).toThrow(/loss.name must be one of/);
    expect(() => mesh.cost(x, { name: "huber", scale: 0 })).toThrow(/loss.scale must be positive/);
    expect(() => mesh.map(x, 2)).toThrow(/angle must be an integer from 0 to 1/);
    expect(() => mesh.linearScaling(x, -1)).toThrow(/angle/);
  });
});
