import { InvalidArgumentError, nearest } from "@siegert/errors";
import { checkInferenceData } from "./check-inference-data.ts";
import { GROUPS, type GroupKey } from "./group-names.ts";
import {
  type Attributes,
  type Coordinate,
  completeCoordinates,
  type Group,
  type InferenceData,
  type NamedGroup,
  namedGroups,
  type Variable,
  type VariableData,
} from "./inference-data.ts";

/** A variable as it is handed in. */
export interface VariableInput {
  /** Elements in row-major order. Typed arrays are kept, not copied; lists become Float64Array or truth values. */
  readonly data: VariableData | readonly number[] | readonly boolean[];
  /** Default: one dimension. Sampled groups need at least (chain, draw). */
  readonly shape?: readonly number[] | undefined;
  /** Default: `chain`, `draw` in sampled groups, then `NAME_dim_0`, `NAME_dim_1` … as ArviZ names them. */
  readonly dims?: readonly string[] | undefined;
  readonly attributes?: Attributes | undefined;
}

/** A group as it is handed in: a {@link Group} is one too. */
export interface GroupInput {
  readonly variables: { readonly [name: string]: VariableInput };
  /** Labels by dimension, for this group; they replace the shared ones. */
  readonly coordinates?: { readonly [dim: string]: Coordinate } | undefined;
  readonly attributes?: Attributes | undefined;
}

/** Groups and what they share. */
export type InferenceDataInput = { readonly [key in GroupKey]?: GroupInput | undefined } & {
  /** Groups outside the schema, by their name in the file. */
  readonly otherGroups?: { readonly [name: string]: GroupInput } | undefined;
  /** Labels by dimension, for every group that has the dimension. */
  readonly coordinates?: { readonly [dim: string]: Coordinate } | undefined;
  /** Attributes of the whole; {@link schemaAttributes} makes those of the schema. Every group gets them too. */
  readonly attributes?: Attributes | undefined;
};

/**
 * Puts draws and data together and checks them: shapes fit the elements, dimensions agree within a group, labels fit
 * dimensions, variables of sampled groups lead with chain and draw. Dimensions without labels get 0, 1, 2 …
 *
 * The attributes of the whole are copied to every group, where ArviZ looks for `created_at` and the like; attributes that
 * a group has already stay.
 *
 * @throws {InvalidArgumentError} naming the place as `group.variable`, before anything is built.
 */
export function createInferenceData(input: InferenceDataInput): InferenceData {
  checkKeys(input);
  const shared = input.coordinates ?? {};
  const attributes = { ...input.attributes };
  const groups: { [key in GroupKey]?: Group } = {};
  for (const { key, isSampled } of GROUPS) {
    const group = input[key];
    if (group !== undefined) groups[key] = buildGroup(key, group, isSampled, shared, attributes);
  }
  const otherGroups: Record<string, Group> = {};
  for (const [name, group] of Object.entries(input.otherGroups ?? {})) {
    otherGroups[name] = buildGroup(`otherGroups.${name}`, group, false, shared, attributes);
  }
  const data: InferenceData = { ...groups, otherGroups, attributes };
  checkInferenceData(data);
  const built = namedGroups(data);
  for (const group of built) checkLeadingDimensions(group);
  checkSharedLabels(Object.keys(shared), built);
  return withAllLabels(data);
}

function checkKeys(input: InferenceDataInput): void {
  if (typeof input !== "object" || input === null) throw new InvalidArgumentError("input", "be an object", input);
  const known: readonly string[] = [...GROUPS.map(({ key }) => key), "otherGroups", "coordinates", "attributes"];
  for (const key of Object.keys(input)) {
    if (known.includes(key)) continue;
    const hint = nearest(key, known);
    const advice = hint === undefined ? "groups outside the schema go into otherGroups" : `did you mean ${hint}?`;
    throw new InvalidArgumentError(key, `be a group of the InferenceData schema; ${advice}`, key);
  }
}

function buildGroup(
  place: string,
  input: GroupInput,
  isSampled: boolean,
  shared: { readonly [dim: string]: Coordinate },
  attributes: Attributes,
): Group {
  if (typeof input?.variables !== "object" || input.variables === null) {
    throw new InvalidArgumentError(`${place}.variables`, "be an object of variables by name", input?.variables);
  }
  const variables: Record<string, Variable> = {};
  const coordinates: Record<string, Coordinate> = { ...input.coordinates };
  for (const [name, variable] of Object.entries(input.variables)) {
    const built = buildVariable(`${place}.${name}`, name, variable, isSampled);
    variables[name] = built;
    for (const dim of built.dims) {
      const labels = Object.hasOwn(shared, dim) ? shared[dim] : undefined;
      if (!Object.hasOwn(coordinates, dim) && labels !== undefined) coordinates[dim] = labels;
    }
  }
  return { variables, coordinates, attributes: { ...attributes, ...input.attributes } };
}

function buildVariable(place: string, name: string, input: VariableInput, isSampled: boolean): Variable {
  const { data: given, shape: givenShape, dims, attributes } = input ?? {};
  if (!Array.isArray(given) && !ArrayBuffer.isView(given)) {
    throw new InvalidArgumentError(`${place}.data`, "be a typed array or a list", given);
  }
  const data = typedElements(place, given as VariableInput["data"]);
  if (isSampled && givenShape === undefined) {
    throw new InvalidArgumentError(`${place}.shape`, "be given: (chain, draw, …)", givenShape);
  }
  const shape = [...(givenShape ?? [data.length])];
  return {
    dims: [...(dims ?? defaultDims(name, shape.length, isSampled))],
    shape,
    data,
    attributes: { ...attributes },
  };
}

function defaultDims(name: string, count: number, isSampled: boolean): string[] {
  const lead = isSampled ? ["chain", "draw"] : [];
  return Array.from({ length: count }, (_, axis) => lead[axis] ?? `${name}_dim_${axis - lead.length}`);
}

/** Lists of numbers and truth values as typed arrays; the rest as it is. */
function typedElements(place: string, data: VariableInput["data"]): VariableData {
  if (!Array.isArray(data) || data.length === 0)
    return Array.isArray(data) ? new Float64Array(0) : (data as VariableData);
  const kind = typeof data[0];
  const odd = data.findIndex((value) => typeof value !== kind);
  if (odd >= 0 || !["number", "boolean", "string"].includes(kind)) {
    const requirement = "be a number, a truth value or a string, as all others";
    throw new InvalidArgumentError(`${place}.data[${Math.max(odd, 0)}]`, requirement, data[Math.max(odd, 0)]);
  }
  if (kind === "number") return Float64Array.from(data as readonly number[]);
  if (kind === "boolean") return Uint8Array.from(data as readonly boolean[], Number);
  return data as readonly string[];
}

function checkLeadingDimensions({ key, isSampled, group }: NamedGroup): void {
  if (!isSampled) return;
  for (const [name, { dims }] of Object.entries(group.variables)) {
    if (dims[0] !== "chain" || dims[1] !== "draw") {
      throw new InvalidArgumentError(`${key}.${name}.dims`, "begin with chain, draw", dims);
    }
  }
}

function checkSharedLabels(shared: readonly string[], groups: readonly NamedGroup[]): void {
  const dims = new Set(
    groups.flatMap(({ group }) => Object.values(group.variables).flatMap((variable) => variable.dims)),
  );
  for (const dim of shared) {
    if (dims.has(dim)) continue;
    const hint = nearest(dim, dims);
    const advice = hint === undefined ? "" : `; did you mean ${hint}?`;
    throw new InvalidArgumentError(`coordinates.${dim}`, `label a dimension of a variable${advice}`, dim);
  }
}

/** The same with labels for every dimension of every group. */
export function withAllLabels(data: InferenceData): InferenceData {
  const complete = (group: Group): Group => ({ ...group, coordinates: completeCoordinates(group) });
  const groups: { [key in GroupKey]?: Group } = {};
  for (const { key } of GROUPS) {
    const group = data[key];
    if (group !== undefined) groups[key] = complete(group);
  }
  const otherGroups = Object.entries(data.otherGroups).map(([name, group]) => [name, complete(group)] as const);
  return { ...groups, otherGroups: Object.fromEntries(otherGroups), attributes: data.attributes };
}
