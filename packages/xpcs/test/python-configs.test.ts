import { expect, test } from "vitest";
import { ConfigError, parseConfig } from "../src/index.ts";
import keys from "./fixtures/python_config_keys.json" with { type: "json" }; // from python_config_keys.py

const programs = Object.keys(keys) as (keyof typeof keys)[];

test.each(programs)("every key of the templates of %s is known, and those without effect are said", (program) => {
  const config = parseConfig(JSON.stringify(keys[program]));
  expect(config.warnings.length).toBeGreaterThan(10);
  for (const { message } of config.warnings)
    expect(message).toMatch(/^has no effect (here|yet)( \(nor have .*\))?: .+/);
  expect(config.parameters.every((parameter) => parameter.isFree && !parameter.isGiven)).toBe(program !== "heterodyne");
});

/** Dotted paths of all keys that hold a value, lists taken as values. */
function paths(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, item]) => paths(item, path === "" ? key : `${path}.${key}`));
}

test.each(programs)("any key of %s that is misspelt is found and named", (program) => {
  const names = paths(keys[program]).filter((path) => !/^(logging\.modules|plotting\.matplotlib\.savefig)/.test(path));
  const misspelt = JSON.parse(JSON.stringify(keys[program])) as Record<string, unknown>;
  let count = 0;
  for (const path of names) {
    const parts = path.split(".");
    const last = parts.pop()!;
    let map = misspelt;
    for (const part of parts) map = map[part] as Record<string, unknown>;
    if (/^(parameters|initial_parameters\.fixed|parameter_space\.priors)/.test(path)) continue;
    map[`${last}q`] = 1;
    count++;
  }
  try {
    parseConfig(JSON.stringify(misspelt));
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const { problems } = error as ConfigError;
    expect(problems).toHaveLength(count);
    const unnamed = problems.filter(({ path, message }) => !message.includes(path.split(".").at(-1)!.slice(0, -1)));
    expect(unnamed).toEqual([]);
  }
});
