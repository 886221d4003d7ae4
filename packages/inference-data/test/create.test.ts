import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import {
  createInferenceData,
  float64Values,
  type InferenceData,
  type InferenceDataInput,
  schemaAttributes,
  toJsonText,
  toNetcdf,
  toNpz,
  type VariableInput,
} from "../src/index.ts";

const draws = { data: new Float64Array(6), shape: [2, 3] };

function posterior(mu: VariableInput, rest: Partial<InferenceDataInput> = {}): InferenceDataInput {
  return { posterior: { variables: { mu } }, ...rest };
}

test("names dimensions as ArviZ does, and labels them 0, 1, 2 …", () => {
  const { posterior, observedData } = createInferenceData({
    posterior: { variables: { theta: { data: new Float64Array(12), shape: [2, 3, 2] } } },
    observedData: { variables: { y: { data: [1, 2] }, z: { data: new Int32Array(4), shape: [2, 2] } } },
  });
  expect(posterior!.variables["theta"]!.dims).toEqual(["chain", "draw", "theta_dim_0"]);
  expect(posterior!.coordinates).toEqual({ chain: [0, 1], draw: [0, 1, 2], theta_dim_0: [0, 1] });
  expect(observedData!.variables["z"]!.dims).toEqual(["z_dim_0", "z_dim_1"]);
  expect(observedData!.coordinates).toEqual({ y_dim_0: [0, 1], z_dim_0: [0, 1], z_dim_1: [0, 1] });
});

test("lists become typed arrays, typed arrays are kept", () => {
  const data = new Float64Array(6);
  const { posterior, observedData } = createInferenceData({
    ...posteriorOf(data),
    observedData: { variables: { n: { data: [1, Number.NaN] }, b: { data: [true, false] }, s: { data: ["x", "y"] } } },
  });
  expect(posterior!.variables["mu"]!.data).toBe(data);
  const { n, b, s } = observedData!.variables;
  expect([n!.data, b!.data, s!.data]).toEqual([Float64Array.of(1, Number.NaN), Uint8Array.of(1, 0), ["x", "y"]]);
});

function posteriorOf(data: Float64Array): InferenceDataInput {
  return posterior({ data, shape: [2, 3] });
}

test("shared labels and attributes go to every group; a group's own win", () => {
  const data = createInferenceData({
    posterior: {
      variables: { a: { ...draws, dims: ["chain", "draw"] } },
      coordinates: { chain: [5, 6] },
      attributes: { created_at: "earlier" },
    },
    sampleStats: { variables: { lp: draws } },
    coordinates: { chain: [1, 2] },
    attributes: { created_at: "now", who: "me" },
  });
  expect(data.posterior!.coordinates["chain"]).toEqual([5, 6]);
  expect(data.sampleStats!.coordinates["chain"]).toEqual([1, 2]);
  expect(data.posterior!.attributes).toEqual({ created_at: "earlier", who: "me" });
  expect(data.attributes).toEqual({ created_at: "now", who: "me" });
});

test("what was created can be handed in again, unchanged", () => {
  const data = createInferenceData({ ...posterior(draws), coordinates: { draw: [10, 20, 30] }, attributes: { a: 1 } });
  expect(createInferenceData(data)).toEqual(data);
});

const REFUSED: readonly (readonly [string, InferenceDataInput, string])[] = [
  ["no group", {}, "data"],
  ["a shape that does not fit", posterior({ data: new Float64Array(5), shape: [2, 3] }), "posterior.mu.data"],
  ["no shape in a sampled group", posterior({ data: new Float64Array(6) }), "posterior.mu.shape"],
  ["a negative length", posterior({ data: [], shape: [-1, 0] }), "posterior.mu.shape"],
  ["a broken length", posterior({ data: new Float64Array(3), shape: [1.5, 2] }), "posterior.mu.shape"],
  ["too few names", posterior({ ...draws, dims: ["chain"] }), "posterior.mu.dims"],
  ["a name twice", posterior({ ...draws, dims: ["chain", "chain"] }), "posterior.mu.dims"],
  ["draw before chain", posterior({ ...draws, dims: ["draw", "chain"] }), "posterior.mu.dims"],
  ["one dimension of draws", posterior({ data: new Float64Array(6), shape: [6] }), "posterior.mu.dims"],
  [
    "bytes that are no truth values",
    posterior({ data: Uint8Array.of(0, 1, 2), shape: [1, 3] }),
    "posterior.mu.data[2]",
  ],
  ["mixed elements", posterior({ data: [1, "a"] as unknown as number[], shape: [1, 2] }), "posterior.mu.data[1]"],
  ["no data", posterior({ shape: [1, 2] } as unknown as VariableInput), "posterior.mu.data"],
  ["float32", posterior({ data: new Float32Array(6) as unknown as Float64Array, shape: [2, 3] }), "posterior.mu.data"],
  ["text with U+0000", { observedData: { variables: { s: { data: ["a\0"] } } } }, "observedData.s.data[0]"],
  ["half a character", { observedData: { variables: { s: { data: ["\ud800"] } } } }, "observedData.s.data[0]"],
  [
    "dimensions that disagree",
    { posterior: { variables: { mu: draws, nu: { data: new Float64Array(8), shape: [2, 4] } } } },
    "posterior.nu",
  ],
  ["too few labels", { ...posterior(draws), coordinates: { draw: [1, 2] } }, "posterior.coordinates.draw"],
  [
    "mixed labels",
    { ...posterior(draws), coordinates: { chain: [1, "b"] as unknown as number[] } },
    "posterior.coordinates.chain[1]",
  ],
  ["labels of nothing", { ...posterior(draws), coordinates: { chains: [1, 2] } }, "coordinates.chains"],
  ["a variable named as a dimension", { posterior: { variables: { draw: draws } } }, "posterior.draw"],
  ["a slash", { posterior: { variables: { "a/b": draws } } }, "posterior variable name"],
  ["no name", { posterior: { variables: { "": draws } } }, "posterior variable name"],
  ["a bracket first", { posterior: { variables: { "(a)": draws } } }, "posterior variable name"],
  ["a space last", { otherGroups: { "a ": { variables: { mu: draws } } } }, "group name"],
  [
    "a group of the schema among the others",
    {
      ...posterior(draws),
      otherGroups: { posterior: { variables: { mu: draws } } },
    },
    "otherGroups",
  ],
  [
    "an attribute of storage",
    posterior({ ...draws, attributes: { _FillValue: 1 } }),
    "posterior.mu.attributes._FillValue",
  ],
  [
    "an attribute that is an object",
    { ...posterior(draws), attributes: { a: {} as unknown as string } },
    "attributes.a",
  ],
  [
    "a group that is none",
    { posterior: {} as unknown as { variables: object } } as InferenceDataInput,
    "posterior.variables",
  ],
];

test.each(REFUSED)("createInferenceData refuses %s", (_, input, argument) => {
  const refused = errorOf(() => createInferenceData(input));
  expect(refused).toBeInstanceOf(InvalidArgumentError);
  expect((refused as InvalidArgumentError).argument).toBe(argument);
});

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

test("a mistyped group or dimension gets a hint", () => {
  const mistyped = { ...posterior(draws), sample_stats: { variables: {} } } as InferenceDataInput;
  expect(() => createInferenceData(mistyped)).toThrow("did you mean sampleStats?");
  expect(() => createInferenceData({ ...posterior(draws), coordinates: { chains: [1] } })).toThrow(
    "did you mean chain?",
  );
  const other = { ...posterior(draws), xyzzy: { variables: {} } } as InferenceDataInput;
  expect(() => createInferenceData(other)).toThrow("otherGroups");
});

test("writers refuse a hand-made object that does not agree, and levels that are none", async () => {
  const broken: InferenceData = {
    posterior: {
      variables: { mu: { dims: ["chain", "draw"], shape: [2, 2], data: new Float64Array(3), attributes: {} } },
      coordinates: {},
      attributes: {},
    },
    otherGroups: {},
    attributes: {},
  };
  await expect(toNetcdf(broken)).rejects.toThrow("posterior.mu.data");
  expect(() => toNpz(broken)).toThrow("posterior.mu.data");
  expect(() => toJsonText(broken)).toThrow("posterior.mu.data");
  const good = createInferenceData(posterior(draws));
  await expect(toNetcdf(good, { compressionLevel: 10 })).rejects.toThrow(InvalidArgumentError);
  expect(() => toNpz(good, { compressionLevel: 1.5 })).toThrow(InvalidArgumentError);
});

test("schemaAttributes: the names of the schema, and refusals", () => {
  expect(schemaAttributes({ createdAt: "2026-01-31T12:00:00Z", tuningSteps: 0 })).toEqual({
    created_at: "2026-01-31T12:00:00Z",
    creation_library: "@siegert/inference-data",
    creation_library_language: "TypeScript",
    tuning_steps: 0,
  });
  const createdAt = "2026-01-31T12:00:00Z";
  for (const bad of [
    { createdAt: "yesterday" },
    { createdAt: "2026-13-31T12:00:00Z" },
    { createdAt, samplingTime: -1 },
    { createdAt, samplingTime: Number.NaN },
    { createdAt, tuningSteps: 0.5 },
  ]) {
    expect(() => schemaAttributes(bad)).toThrow(InvalidArgumentError);
  }
});

test("float64Values: numbers of every kind, but not of text", () => {
  const variable = { dims: ["x"], shape: [2], attributes: {} };
  expect(float64Values({ ...variable, data: BigInt64Array.of(3n, -(2n ** 60n)) })).toEqual(
    Float64Array.of(3, -(2 ** 60)),
  );
  expect(float64Values({ ...variable, data: Uint8Array.of(0, 1) })).toEqual(Float64Array.of(0, 1));
  expect(float64Values({ ...variable, data: Int32Array.of(-1, 7) })).toEqual(Float64Array.of(-1, 7));
  expect(() => float64Values({ ...variable, data: ["a", "b"] })).toThrow(InvalidArgumentError);
});
