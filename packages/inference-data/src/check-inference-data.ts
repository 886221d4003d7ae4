import { InvalidArgumentError } from "@siegert/errors";
import { checkName, checkText, STORAGE_ATTRIBUTES } from "./check-names.ts";
import { type Attributes, type Group, type InferenceData, namedGroups, type Variable } from "./inference-data.ts";

/**
 * Checks that names, dimensions, shapes, labels and elements agree.
 *
 * @throws {InvalidArgumentError} naming the place as `group.variable`.
 */
export function checkInferenceData(data: InferenceData): void {
  if (typeof data !== "object" || data === null) throw new InvalidArgumentError("data", "be InferenceData", data);
  checkAttributes("attributes", data.attributes ?? {});
  const groups = namedGroups(data);
  if (groups.length === 0) throw new InvalidArgumentError("data", "have at least one group", data);
  for (const { name, key, group } of groups) {
    checkName("group name", name);
    checkGroup(key, group);
  }
  const names = groups.map(({ name }) => name);
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined) throw new InvalidArgumentError("otherGroups", "hold no group of the schema", twice);
}

function checkGroup(place: string, group: Group): void {
  if (typeof group?.variables !== "object" || typeof group.coordinates !== "object") {
    throw new InvalidArgumentError(place, "be an object with variables and coordinates", group);
  }
  checkAttributes(place, group.attributes ?? {});
  const lengths = new Map<string, { length: number; from: string }>();
  for (const [name, variable] of Object.entries(group.variables)) {
    checkName(`${place} variable name`, name);
    checkVariable(`${place}.${name}`, variable);
    for (const [axis, dim] of variable.dims.entries()) {
      const length = variable.shape[axis]!;
      const known = lengths.get(dim);
      if (known === undefined) lengths.set(dim, { length, from: name });
      else if (known.length !== length) {
        const requirement = `have length ${known.length} along ${dim}, as ${place}.${known.from} has`;
        throw new InvalidArgumentError(`${place}.${name}`, requirement, length);
      }
    }
  }
  for (const [dim, labels] of Object.entries(group.coordinates)) {
    checkName(`${place} dimension name`, dim);
    checkLabels(`${place}.coordinates.${dim}`, labels, lengths.get(dim)?.length);
    if (!lengths.has(dim)) lengths.set(dim, { length: labels.length, from: "coordinates" });
  }
  for (const name of Object.keys(group.variables)) {
    if (lengths.has(name)) throw new InvalidArgumentError(`${place}.${name}`, "not have the name of a dimension", name);
  }
}

function checkVariable(place: string, { dims, shape, data, attributes }: Variable): void {
  if (!Array.isArray(dims)) throw new InvalidArgumentError(`${place}.dims`, "be a list of names", dims);
  if (!Array.isArray(shape)) throw new InvalidArgumentError(`${place}.shape`, "be a list of lengths", shape);
  for (const dim of dims) {
    checkText(`${place}.dims`, dim);
    checkName(`${place}.dims`, dim);
  }
  if (new Set(dims).size < dims.length) {
    throw new InvalidArgumentError(`${place}.dims`, "name each dimension once", dims);
  }
  if (shape.some((length) => !Number.isSafeInteger(length) || length < 0)) {
    throw new InvalidArgumentError(`${place}.shape`, "hold whole numbers ≥ 0", shape);
  }
  if (dims.length !== shape.length) {
    throw new InvalidArgumentError(`${place}.dims`, `name the ${shape.length} dimensions of the shape`, dims);
  }
  checkElements(place, data);
  const count = shape.reduce((product, length) => product * length, 1);
  if (data.length !== count) {
    const requirement = `hold the ${count} elements of shape (${shape.join(", ")})`;
    throw new InvalidArgumentError(`${place}.data`, requirement, data.length);
  }
  checkAttributes(place, attributes ?? {});
}

function checkElements(place: string, data: Variable["data"]): void {
  if (data instanceof Float64Array || data instanceof Int32Array || data instanceof BigInt64Array) return;
  if (data instanceof Uint8Array) {
    const wrong = data.findIndex((value) => value > 1);
    if (wrong >= 0) throw new InvalidArgumentError(`${place}.data[${wrong}]`, "be a truth value, 0 or 1", data[wrong]);
    return;
  }
  if (!Array.isArray(data)) {
    const kinds = "a Float64Array, Int32Array, BigInt64Array, Uint8Array of 0 and 1, or a list of strings";
    throw new InvalidArgumentError(`${place}.data`, `be ${kinds}`, data);
  }
  for (const [i, text] of data.entries()) checkText(`${place}.data[${i}]`, text);
}

function checkLabels(place: string, labels: readonly (number | string)[], length: number | undefined): void {
  if (!Array.isArray(labels)) throw new InvalidArgumentError(place, "be a list of numbers or strings", labels);
  if (length !== undefined && labels.length !== length) {
    throw new InvalidArgumentError(place, `have ${length} labels, one for each entry`, labels);
  }
  const isText = typeof labels[0] === "string";
  for (const [i, label] of labels.entries()) {
    if (isText) checkText(`${place}[${i}]`, label);
    else if (typeof label !== "number") throw new InvalidArgumentError(`${place}[${i}]`, "be a number", label);
  }
}

function checkAttributes(place: string, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    const argument = place === "attributes" ? `attributes.${name}` : `${place}.attributes.${name}`;
    checkName(argument, name);
    if (STORAGE_ATTRIBUTES.has(name)) {
      throw new InvalidArgumentError(argument, "not be one of the names by which NetCDF describes storage", name);
    }
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.every((item) => typeof item === "number")) continue;
    if (!list.every((item) => typeof item === "string")) {
      throw new InvalidArgumentError(argument, "be a string, a number, or a list of either", value);
    }
    for (const item of list) checkText(argument, item);
  }
}
