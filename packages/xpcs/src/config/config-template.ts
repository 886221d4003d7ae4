import { type AnalysisMode, createModel, type ParameterDefinition, SCALING_PARAMETERS } from "@siegert/physics-core";
import { ROOT_KEYS } from "./key-table.ts";
import type { Leaf, SchemaNode, Section } from "./schema.ts";

/** Keys that say again, in another way, what others say. */
const OTHER_WAYS: readonly string[] = ["temporal", "parameters", "parameter_space.model", "parameter_space.priors"];

/** Column where the notes begin, where the key leaves room. */
const NOTE_COLUMN = 44;

/**
 * A configuration of an analysis mode as YAML, to be edited: every key with its default and what it means. Read back, it
 * gives the defaults.
 */
export function defaultConfigYaml(mode: AnalysisMode): string {
  const parameters = createModel({ mode }).parameters;
  const custom: Readonly<Record<string, readonly string[]>> = {
    analysis_mode: [noted(`analysis_mode: ${mode}`, noteOf("analysis_mode"))],
    "initial_parameters.parameter_names": parameterList("parameter_names", parameters, (parameter) => parameter.name),
    "initial_parameters.values": startValues(parameters),
    "parameter_space.bounds": bounds([...parameters, ...SCALING_PARAMETERS]),
  };
  const lines = [
    `# Configuration of a ${mode} analysis. Keys that are left out have the values shown here.`,
    "# Angles are in degrees, lengths in Å, times in seconds.",
    "",
  ];
  printSection(ROOT_KEYS as Section<unknown>, "", 0, custom, lines);
  return `${lines.join("\n").trimEnd()}\n`;
}

function printSection(
  section: Section<unknown>,
  path: string,
  depth: number,
  custom: Readonly<Record<string, readonly string[]>>,
  lines: string[],
): void {
  const indent = "  ".repeat(depth);
  for (const [name, node] of Object.entries(section.fields as Record<string, SchemaNode>)) {
    const at = path === "" ? name : `${path}.${name}`;
    if (OTHER_WAYS.includes(at)) continue;
    if (node.kind === "section") {
      if (depth === 0) lines.push("");
      if (node.note !== "") lines.push(`${indent}# ${node.note}`);
      lines.push(`${indent}${name}:`);
      printSection(node, at, depth + 1, custom, lines);
    } else if (node.kind === "leaf") {
      lines.push(...(custom[at] ?? [noted(`${name}: ${plain(node.initial)}`, node.note)]).map((line) => indent + line));
    }
  }
}

function noted(text: string, note: string): string {
  return `${text.padEnd(NOTE_COLUMN)} # ${note}`;
}

/** The value as YAML; numbers with an exponent also have a point, without which older YAML takes them for text. */
function plain(value: unknown): string {
  const text = JSON.stringify(value);
  return typeof value === "number" && Math.abs(value) > 0 && Math.abs(value) < 1e-3
    ? value.toExponential().replace(/^(-?\d+)e/, "$1.0e")
    : text;
}

function noteOf(name: string): string {
  return ((ROOT_KEYS.fields as Record<string, SchemaNode>)[name] as Leaf<unknown>).note;
}

function parameterList(
  name: string,
  parameters: readonly ParameterDefinition[],
  show: (parameter: ParameterDefinition) => string,
): string[] {
  return [`${name}:`, ...parameters.map((parameter) => `  - ${show(parameter)}`)];
}

function startValues(parameters: readonly ParameterDefinition[]): string[] {
  return [
    "values:",
    ...parameters.map(({ name, symbol, unit, default: value, description }) =>
      noted(`  - ${plain(value)}`, `${name}, ${symbol}${unit === "" ? "" : ` in ${unit}`}: ${description}`),
    ),
  ];
}

function bounds(parameters: readonly ParameterDefinition[]): string[] {
  return [
    "bounds:",
    ...parameters.map(
      ({ name, lower, upper, priorMean, priorSd }) =>
        `  - { name: ${name}, min: ${plain(lower)}, max: ${plain(upper)}, prior_mu: ${plain(priorMean)}, prior_sigma: ${plain(priorSd)}, type: TruncatedNormal }`,
    ),
  ];
}
