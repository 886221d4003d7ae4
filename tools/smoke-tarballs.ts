/**
 * Packs every public package, installs the tarballs into an empty folder outside the workspace, type-checks and runs
 * every README example there, and runs the command line: what a user gets is what is tested.
 *
 * Run after a build: node tools/smoke-tarballs.ts [--report FILE]
 */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { missingOutput, readmeExamples } from "./readme-examples.ts";

const root = join(import.meta.dirname, "..");
const reportAt = process.argv.indexOf("--report");
const scratch = mkdtempSync(join(tmpdir(), "siegert-smoke-"));
const consumer = join(scratch, "consumer");
/** Peers that a user of the TensorFlow.js subpath installs. */
const PEERS = [
  "@tensorflow/tfjs-core@4.22.0",
  "@tensorflow/tfjs-backend-cpu@4.22.0",
  "@tensorflow/tfjs-backend-wasm@4.22.0",
];

let passed = 0;
let failed = 0;
try {
  const folders = publicPackages();
  install(folders.map(pack));
  const programs = folders.flatMap(writeExamples);
  check("README examples type-check against the published declarations", () => typecheck());
  for (const { file, label, example } of programs) {
    check(label, () => {
      const missing = missingOutput(example, execute(process.execPath, ["--no-warnings", file]));
      if (missing !== undefined) throw new Error(`did not print: ${missing}`);
    });
  }
  check("siegert --version", () => {
    const { version } = JSON.parse(readFileSync(join(root, "apps/cli/package.json"), "utf8")) as { version: string };
    const printed = execute(join(consumer, "node_modules/.bin/siegert"), ["--version"]).trim();
    if (printed !== version) throw new Error(`printed ${printed}, package.json says ${version}`);
  });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`Tarballs: ${passed} passed, ${failed} failed`);
if (reportAt > 0) writeFileSync(process.argv[reportAt + 1]!, JSON.stringify({ passed, failed }));
if (failed > 0) process.exitCode = 1;

function publicPackages(): string[] {
  const folders = globSync(["packages/*", "apps/*"], { cwd: root }).filter((f) =>
    existsSync(join(root, f, "package.json")),
  );
  return folders.sort();
}

function pack(folder: string): string {
  const output = execFileSync("npx", ["-y", "pnpm@12.21.0", "pack", "--json", "--pack-destination", scratch], {
    cwd: join(root, folder),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { filename } = JSON.parse(output.slice(output.indexOf("{"))) as { filename: string };
  return join(scratch, basename(filename));
}

function install(tarballs: readonly string[]): void {
  mkdirSync(consumer);
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...tarballs, ...PEERS], {
    cwd: consumer,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function writeExamples(folder: string) {
  return readmeExamples(join(root, folder, "README.md")).map((example, k) => {
    const file = join(consumer, `${folder.replaceAll("/", "-")}-${k}.ts`);
    writeFileSync(file, example.code);
    return { file, example, label: `${folder}/README.md example on line ${example.line}` };
  });
}

function typecheck(): void {
  const compilerOptions = {
    module: "NodeNext",
    target: "ES2023",
    lib: ["ES2023", "DOM"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  };
  writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  execute(join(root, "node_modules/.bin/tsc"), ["-p", "tsconfig.json"]);
}

function execute(command: string, parameters: readonly string[]): string {
  return execFileSync(command, parameters, { cwd: consumer, encoding: "utf8", timeout: 300_000, stdio: "pipe" });
}

function check(label: string, body: () => void): void {
  try {
    body();
    passed++;
    console.log(`  ok    ${label}`);
  } catch (error) {
    failed++;
    const { stdout = "", stderr = "", message } = error as { stdout?: string; stderr?: string; message: string };
    console.error(`  FAIL  ${label}\n${message.split("\n")[0]}\n${stdout}${stderr}`);
  }
}
