import { InvalidArgumentError, SiegertError } from "@siegert/errors";
import { expect, test } from "vitest";
import {
  batchOf,
  compileCount,
  constrainedDensity,
  coordinateName,
  countEvaluations,
  instantiateCount,
  instantiateTarget,
  isBatched,
  isNamed,
  isPortable,
  LogDensityError,
  positive,
  requirePortable,
  type WasmTarget,
} from "../src/index.ts";
import { normal } from "./fixture-target.ts";
import { normalBytes, normalBytesWithImport } from "./normal-module.ts";

const module = new URL("./fixture-target.ts", import.meta.url).href;
const precision = new Uint8Array(Float64Array.of(4).buffer);
const wasm: WasmTarget = {
  kind: "wasm",
  dim: 2,
  bytes: normalBytes,
  positionAt: 0,
  gradientAt: 16,
  data: [{ at: 64, bytes: precision }],
};

test("a batch of a plain target is its rows", () => {
  const single = normal({ sd: [1, 2] });
  const batch = batchOf(single);
  expect([isBatched(single), isBatched(batch), batchOf(batch) === batch]).toEqual([false, true, true]);
  const [values, gradients] = [new Float64Array(3), new Float64Array(6)];
  batch.logDensitiesAndGradients(Float64Array.of(1, 2, 3, 4, 9, 9), 2, values, gradients);
  expect([...values]).toEqual([-1, -6.5, 0]);
  expect([...gradients]).toEqual([-1, -0.5, -3, -1, 0, 0]);
});

test("counts values, gradients and rows of batches, and keeps names", () => {
  const named = constrainedDensity({
    parameters: { tau: positive() },
    logDensityAndGradient(x, gradient) {
      gradient[0] = -1;
      return -x[0]!;
    },
  });
  const counted = countEvaluations(named);
  counted.logDensity(Float64Array.of(0));
  expect(counted.logDensityAndGradient(Float64Array.of(0), new Float64Array(1))).toBe(-1);
  counted.logDensityAndGradient(Float64Array.of(0), new Float64Array(1));
  expect(counted.counts).toEqual({ values: 1, gradients: 2 });
  expect(isNamed(counted) && counted.constrain(Float64Array.of(0), new Float64Array(1))[0]).toBe(1);
  expect([counted.dim, coordinateName(counted, 0)]).toEqual([1, "tau"]);

  const batch = countEvaluations(batchOf(normal({ sd: [1] })));
  batch.logDensitiesAndGradients(Float64Array.of(1, 2, 3), 3, new Float64Array(3), new Float64Array(3));
  expect(batch.counts.gradients).toBe(3);
});

test("makes targets of modules, by name or default, and counts them", async () => {
  const before = instantiateCount();
  const target = await instantiateTarget({ kind: "module", module, export: "normal", argument: { sd: [1, 2, 3] } });
  expect([target.dim, target.logDensity(Float64Array.of(1, 2, 3))]).toEqual([3, -1.5]);
  expect((await instantiateTarget({ kind: "module", module, argument: { sd: [2] } })).dim).toBe(1);
  expect(instantiateCount() - before).toBe(2);
  expect(await instantiateTarget(target)).toBe(target);
  expect(instantiateCount() - before).toBe(2);
});

test.each([
  ["a path", { kind: "module", module: "./here.js" }, /absolute URL/],
  ["a missing export", { kind: "module", module, export: "nothing" }, /name a function/],
  ["an export that is no function", { kind: "module", module, export: "notAFunction" }, /name a function/],
  ["a function that makes no target", { kind: "module", module, export: "notATarget" }, /gives a LogDensity/],
  ["what is no target at all", { dim: 3 }, /LogDensity/],
])("refuses %s", async (_, target, message) => {
  await expect(instantiateTarget(target as never)).rejects.toThrow(InvalidArgumentError);
  await expect(instantiateTarget(target as never)).rejects.toThrow(message);
});

test.each([
  ["its own memory", wasm],
  [
    "an imported memory",
    { ...wasm, bytes: normalBytesWithImport, function: "f", memoryImport: { module: "env", name: "memory", pages: 1 } },
  ],
])("makes targets of WebAssembly with %s", async (_, description) => {
  // Through structured cloning, as to another thread.
  const target = await instantiateTarget(structuredClone(description));
  const gradient = new Float64Array(2);
  expect(target.logDensityAndGradient(Float64Array.of(3, -0.5), gradient)).toBe(-5);
  expect([...gradient]).toEqual([-3, 2]);
  expect(target.logDensity(Float64Array.of(0, 1))).toBe(-2);
});

test("WebAssembly targets can have names", async () => {
  const parameters = [{ name: "x", shape: [2] }];
  const target = await instantiateTarget({ ...wasm, parameters });
  expect(isNamed(target) && [...target.constrain(Float64Array.of(1, 2), new Float64Array(2))]).toEqual([1, 2]);
});

test.each<[string, Partial<WasmTarget>, RegExp]>([
  ["a dimension of 0", { dim: 0 }, /target\.dim/],
  ["an unknown function", { function: "g" }, /target\.function/],
  ["data beyond the memory", { data: [{ at: 65_536, bytes: precision }] }, /target\.data\[0\]\.at/],
  ["a crooked address", { positionAt: 4 }, /multiple of 8/],
  ["a module without memory", { bytes: normalBytesWithImport }, /./],
  ["names that do not fit", { parameters: [{ name: "x", shape: [3] }] }, /2 entries/],
])("refuses WebAssembly targets with %s", async (_, change, message) => {
  await expect(instantiateTarget({ ...wasm, ...change })).rejects.toThrow(message);
});

test("a closure cannot travel, and the error says what to do", () => {
  expect(() => requirePortable(normal({ sd: [1] }))).toThrow(/closures do not travel/);
  expect(requirePortable(wasm)).toBe(wasm);
  expect([isPortable(wasm), isPortable(normal({ sd: [1] })), isPortable(undefined)]).toEqual([true, false, false]);
});

test("LogDensityError carries where and why", () => {
  const cause = new Error("not positive definite");
  const error = new LogDensityError("no factor", { isRecoverable: true, position: Float64Array.of(1, 2), cause });
  expect(error).toBeInstanceOf(SiegertError);
  expect([error.name, error.isRecoverable, error.position, error.cause]).toEqual([
    "LogDensityError",
    true,
    [1, 2],
    cause,
  ]);
});

test("a module that many targets share is compiled once per thread, and each target has its own data", async () => {
  const scaled = (value: number): WasmTarget => ({
    ...wasm,
    bytes: wasm.bytes.slice(),
    data: [{ at: 64, bytes: new Uint8Array(Float64Array.of(value).buffer) }],
  });
  await instantiateTarget(wasm);
  const before = compileCount();
  const made = await Promise.all([1, 2, 3].map((value) => instantiateTarget(scaled(value))));
  expect(compileCount()).toBe(before);
  const values = made.map((target) => target.logDensity(Float64Array.of(1, 1)));
  // −½ (p x₀² + x₁²) at (1, 1).
  expect(values).toEqual([-1, -1.5, -2]);
  await instantiateTarget({
    ...wasm,
    bytes: normalBytesWithImport,
    function: "f",
    memoryImport: { module: "env", name: "memory", pages: 1 },
  });
  const after = compileCount();
  const damaged = { ...wasm, bytes: Uint8Array.of(0, 97, 115, 109, 9) };
  await expect(instantiateTarget(damaged)).rejects.toThrow(/version|byte/);
  await expect(instantiateTarget(damaged)).rejects.toThrow(/version|byte/);
  expect(compileCount()).toBe(after + 2);
});
