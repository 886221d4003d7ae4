import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ANALYSIS_MODES } from "@siegert/physics-core";
import { describe, expect, test } from "vitest";
import { table } from "../src/terminal/table.ts";
import { runCli, scratchFolder } from "./run-cli.ts";

describe("help teaches", () => {
  test.each(
    [
      [],
      ["fit"],
      ["plan"],
      ["demo"],
      ["simulate"],
      ["inspect"],
      ["config"],
      ["config", "init"],
      ["config", "validate"],
      ["report"],
      ["completion"],
    ].map((words) => [words]),
  )("siegert %j --help", async (words) => {
    const { code, out } = await runCli(...words, "--help");
    expect(code).toBe(0);
    expect(out).toContain(`Usage: siegert${words.map((word) => ` ${word}`).join("")}`);
    if (words.length !== 1 || words[0] !== "config") expect(out).toContain("Examples:");
  });

  test("--version is the package's", async () => {
    expect((await runCli("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("config", () => {
  test.each(ANALYSIS_MODES)("init %s prints a configuration that validates", async (mode) => {
    using scratch = scratchFolder();
    const { out } = await runCli("config", "init", mode);
    const path = join(scratch.path, "c.yaml");
    writeFileSync(path, out);
    expect(await runCli("config", "validate", path)).toEqual({ code: 0, out: `${path}: valid, ${mode}\n`, err: "" });
  });

  test("--lenient turns unknown keys into warnings", async () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, "c.yaml");
    writeFileSync(path, "analysis_mode: laminar_flow\nanalysis_mod: x\n");
    expect((await runCli("config", "validate", path)).code).toBe(2);
    const lenient = await runCli("config", "validate", path, "--lenient");
    expect(lenient.code).toBe(0);
    expect(lenient.err).toMatch(/c\.yaml:2:1.*analysis_mod/);
  });
});

describe("completion", () => {
  test("bash completes commands, subcommands and options", async () => {
    const { out } = await runCli("completion", "bash");
    const complete = (...words: string[]) => {
      const script = `${out}\nCOMP_WORDS=(siegert ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _siegert; echo "\${COMPREPLY[*]}"`;
      return execFileSync("bash", ["-c", script], { encoding: "utf8", cwd: "/" }).trim().split(/\s+/);
    };
    expect(complete("si")).toEqual(["simulate"]);
    expect(complete("config", "")).toEqual(expect.arrayContaining(["init", "validate"]));
    expect(complete("config", "init", "two")).toEqual(["two_component"]);
    expect(complete("fit", "--ou")).toEqual(["--output"]);
    expect(complete("fit", "c.yaml", "--ou")).toEqual(["--output"]);
    expect(complete("fit", "c.yaml", "--method", "")).toEqual(["nlsq", "nuts", "cmc", "both"]);
    expect(complete("fit", "--method", "nuts", "--mode", "two")).toEqual(["two_component"]);
    expect(complete("fit", "--mode", "=", "lam")).toEqual(["laminar_flow"]);
    expect(complete("fit", "--method", "=")).toEqual(["nlsq", "nuts", "cmc", "both"]);
    expect(complete("fit", "--method", "nuts", "--ou")).toEqual(["--output"]);
    // After an option that takes a path there are files only.
    expect(complete("fit", "--output", "tm")).toEqual(["tmp"]);
    expect(complete("fit", "--output", "--js")).toEqual([""]);
  });

  test("fish offers the choices of an option", async () => {
    const { out } = await runCli("completion", "fish");
    expect(out).toContain(
      "complete -c siegert -n '__fish_seen_subcommand_from fit' -l method -x -a 'nlsq nuts cmc both'",
    );
    expect(out).toMatch(/-l output -r$/m);
    expect(out).toMatch(/-l json$/m);
  });

  test.each(["zsh", "fish"])("%s gets a script that names every command", async (shell) => {
    const { out } = await runCli("completion", shell);
    for (const command of ["fit", "plan", "demo", "simulate", "inspect", "config", "report"])
      expect(out).toContain(command);
  });
});

test("tables align columns by what is seen", () => {
  const text = table(
    [{ heading: "α" }, { heading: "value", isNumber: true }],
    [
      ["γ̇₀", "1"],
      ["D_offset", "10.5"],
    ],
  );
  expect(text.split("\n")).toEqual(["α         value", "────────  ─────", "γ̇₀            1", "D_offset   10.5"]);
});
