import { GROUPS, type GroupKey } from "./group-names.ts";

/** What an attribute can hold. */
export type AttributeValue = string | number | readonly string[] | readonly number[];

/** Attributes by name, as in a NetCDF file. */
export interface Attributes {
  readonly [name: string]: AttributeValue;
}

/**
 * Elements of a variable in row-major order: numbers, integers of 32 or 64 bits, truth values (Uint8Array of 0 and 1), or
 * strings.
 */
export type VariableData = Float64Array | Int32Array | BigInt64Array | Uint8Array | readonly string[];

/** An array with named dimensions. */
export interface Variable {
  /** Names of the dimensions, slowest first. */
  readonly dims: readonly string[];
  /** Length of each dimension. */
  readonly shape: readonly number[];
  readonly data: VariableData;
  readonly attributes: Attributes;
}

/** Labels along a dimension. */
export type Coordinate = readonly number[] | readonly string[];

/** Variables that share dimensions, with the labels of these dimensions. */
export interface Group {
  readonly variables: { readonly [name: string]: Variable };
  /** Labels by dimension, one for each of its entries; a dimension that is not listed has labels 0, 1, 2 … */
  readonly coordinates: { readonly [dim: string]: Coordinate };
  readonly attributes: Attributes;
}

/**
 * Draws and data of one analysis, in the groups of the InferenceData schema: a plain object. Variables of sampled groups
 * (posterior, sampleStats, posteriorPredictive, prior …) have shape (chain, draw, …).
 */
export type InferenceData = { readonly [key in GroupKey]?: Group } & {
  /** Groups outside the schema, by their name in the file. */
  readonly otherGroups: { readonly [name: string]: Group };
  /** Attributes of the whole. */
  readonly attributes: Attributes;
};

/** A group with the name that it has in a file. */
export interface NamedGroup {
  /** Name in a file: `sample_stats`. */
  readonly name: string;
  /** Name in messages, the property's: `sampleStats`. */
  readonly key: string;
  readonly isSampled: boolean;
  readonly group: Group;
}

/** The groups that are there: those of the schema in its order, then the others. */
export function namedGroups(data: InferenceData): NamedGroup[] {
  const known = GROUPS.flatMap(({ key, name, isSampled }) => {
    const group = data[key];
    return group === undefined ? [] : [{ name, key, isSampled, group }];
  });
  const others = Object.entries(data.otherGroups ?? {}).map(([name, group]) => {
    return { name, key: `otherGroups.${name}`, isSampled: false, group };
  });
  return [...known, ...others];
}

/** Length of every dimension of a group, in order of first appearance; dimensions that have only labels come last. */
export function dimensionLengths(group: Group): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const { dims, shape } of Object.values(group.variables)) {
    for (const [axis, dim] of dims.entries()) if (!lengths.has(dim)) lengths.set(dim, shape[axis]!);
  }
  for (const [dim, labels] of Object.entries(group.coordinates)) {
    if (!lengths.has(dim)) lengths.set(dim, labels.length);
  }
  return lengths;
}

/** Labels of every dimension of a group; 0, 1, 2 … where none are given. */
export function completeCoordinates(group: Group): Record<string, Coordinate> {
  const complete: Record<string, Coordinate> = {};
  for (const [dim, length] of dimensionLengths(group)) {
    complete[dim] = group.coordinates[dim] ?? Array.from({ length }, (_, i) => i);
  }
  return complete;
}
