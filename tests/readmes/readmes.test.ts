import { execFile } from "node:child_process";
import { existsSync, globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { missingOutput, readmeExamples } from "../../tools/readme-examples.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** Runs a program from within a package's folder, so that the package can be imported by its own name. */
async function runIn(folder: string, name: string, code: string): Promise<string> {
  const scratch = join(root, folder, ".readme");
  mkdirSync(scratch, { recursive: true });
  const file = join(scratch, `${name}.ts`);
  writeFileSync(file, code);
  try {
    const { stdout } = await run(process.execPath, ["--conditions=@siegert/source", "--no-warnings", file], {
      cwd: scratch,
      timeout: 120_000,
    });
    return stdout;
  } finally {
    rmSync(file, { force: true });
  }
}

for (const folder of globSync(["packages/*", "apps/*"], { cwd: root }).sort()) {
  if (!existsSync(join(root, folder, "package.json"))) continue;
  describe(`${folder}/README.md`, () => {
    const readme = join(root, folder, "README.md");
    const examples = existsSync(readme) ? readmeExamples(readme) : [];
    test("has a runnable example that says what it prints", () => {
      expect(examples.length).toBeGreaterThan(0);
      expect(examples.some((example) => example.expected.length > 0)).toBe(true);
    });
    test.each(examples.map((example, k) => ({ ...example, k })))(
      "example on line $line prints what it says",
      async (example) => {
        const output = await runIn(folder, `example-${example.k}`, example.code);
        expect(missingOutput(example, output), `printed:\n${output}`).toBeUndefined();
      },
    );
  });
}
