/**
 * Checks that the packages keep the shape of the house: arrows point down only, what is imported is declared, nothing
 * imports another package's insides, Node-only code stays at the top, and no files import each other in a circle.
 *
 * Run: node tools/check-layers.ts
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";

/** Lower layers first. A package may depend on packages of lower layers only, and only where `allowed` says so. */
const LAYERS: readonly (readonly string[])[] = [
  ["errors"],
  ["random", "wasm", "log-density", "workers"],
  ["physics-core", "nlsq", "diagnostics", "plots", "inference-data", "ising"],
  ["physics-meshgrid", "physics-elementwise", "nuts", "block-gibbs"],
  ["cmc-consensus", "pt-tempering"],
  ["xpcs"],
  ["cli"],
];

/** Samplers and solvers know no physics; physics knows no sampler or solver. */
const STRANGERS: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^(nlsq|nuts|ising|block-gibbs|cmc-consensus|pt-tempering|log-density|diagnostics|inference-data|random|workers|plots)$/,
    /^physics-/,
  ],
  [
    /^physics-/,
    /^(nlsq|nuts|ising|block-gibbs|cmc-consensus|pt-tempering|log-density|diagnostics|inference-data|plots|random)$/,
  ],
];

const NODE_ONLY: ReadonlySet<string> = new Set(["workers", "xpcs", "cli"]);
/** Entries for Node alone, in packages that otherwise run in browsers; see docs/decisions/011. */
const NODE_ONLY_FOLDERS: readonly string[] = ["packages/cmc-consensus/src/directory/"];
const root = join(import.meta.dirname, "..");
const problems: string[] = [];
const layerOf = new Map(LAYERS.flatMap((names, layer) => names.map((name) => [name, layer] as const)));

interface Manifest {
  readonly name: string;
  readonly imports?: Record<string, unknown>;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

for (const folder of globSync(["packages/*", "apps/*"], { cwd: root })) {
  if (existsSync(join(root, folder, "package.json"))) checkPackage(folder);
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  console.error(`${problems.length} problem(s) in the layers.`);
  process.exit(1);
}
console.log(`Layers hold: ${layerOf.size} packages, arrows point down only.`);

function checkPackage(folder: string): void {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
  const name = manifest.name.replace("@siegert/", "");
  const layer = layerOf.get(name);
  if (layer === undefined) {
    problems.push(`${folder}: package is in no layer; add it to LAYERS in tools/check-layers.ts`);
    return;
  }
  const declared = new Set([
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
  ]);
  for (const dependency of declared) checkArrow(folder, name, layer, dependency);
  const used = new Set<string>();
  const graph = new Map<string, string[]>();
  for (const file of globSync(`${folder}/src/**/*.ts`, { cwd: root })) {
    const specifiers = importsOf(readFileSync(join(root, file), "utf8"));
    graph.set(
      file,
      specifiers.filter((s) => s.startsWith(".")).map((s) => normalize(join(dirname(file), s))),
    );
    const foreign = specifiers.filter((specifier) => !(specifier in (manifest.imports ?? {})));
    for (const specifier of foreign) checkImport(file, name, manifest.name, specifier, declared, used);
  }
  for (const dependency of declared) {
    if (!used.has(dependency)) problems.push(`${folder}: declares ${dependency} and never imports it`);
  }
  reportCycles(graph);
}

function checkArrow(folder: string, name: string, layer: number, dependency: string): void {
  if (!dependency.startsWith("@siegert/")) return;
  const target = dependency.replace("@siegert/", "");
  if (!((layerOf.get(target) ?? Infinity) < layer))
    problems.push(`${folder}: may not depend on ${dependency}: arrows point down only`);
  for (const [from, to] of STRANGERS) {
    if (from.test(name) && to.test(target)) problems.push(`${folder}: may not know ${dependency}`);
  }
}

function checkImport(
  file: string,
  name: string,
  ownName: string,
  specifier: string,
  declared: ReadonlySet<string>,
  used: Set<string>,
): void {
  if (specifier.startsWith(".")) {
    if (relative(file.split("/src/")[0]!, normalize(join(dirname(file), specifier))).startsWith("..")) {
      problems.push(`${file}: reaches into another package through ${specifier}`);
    }
    return;
  }
  if (specifier.startsWith("node:")) {
    const isAllowed = NODE_ONLY.has(name) || NODE_ONLY_FOLDERS.some((folder) => file.startsWith(folder));
    if (!isAllowed) problems.push(`${file}: ${specifier} in a package that must run in browsers`);
    return;
  }
  const parts = specifier.split("/");
  const packageName = specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0]!;
  used.add(packageName);
  if (packageName === ownName) problems.push(`${file}: imports its own package by name`);
  else if (!declared.has(packageName))
    problems.push(`${file}: imports ${packageName}, which package.json does not declare`);
  if (packageName.startsWith("@siegert/") && parts.length > 2 && parts.includes("src")) {
    problems.push(`${file}: imports the insides of ${packageName}`);
  }
}

function importsOf(source: string): string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s(?:[^"';]*?\sfrom\s)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;
  return [...source.matchAll(pattern)].map((match) => match[1] ?? match[2]!);
}

function reportCycles(graph: ReadonlyMap<string, readonly string[]>): void {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      problems.push(`import cycle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
}
