import { access, readFile } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";
import { DataError } from "../data/data-error.ts";
import type { Config } from "./config.ts";
import { ConfigError } from "./config-error.ts";

/**
 * The data file of a configuration: its path as it is when absolute, else counted from the configuration's folder, else
 * from the working folder.
 *
 * @throws {ConfigError} when the configuration names no data file.
 * @throws {DataError} when neither place has it.
 */
export async function resolveDataFile(config: Config): Promise<string> {
  if (config.dataFile !== undefined) return findFile(config, config.dataFile, "the data file");
  throw new ConfigError(config.path, [
    {
      line: 1,
      column: 1,
      path: "experimental_data.file_path",
      message: "is missing: name the data file here or on the command line",
    },
  ]);
}

/**
 * Angles for data that carry none, degrees: `phi_angles` of the configuration, else the numbers in its angle file, one
 * per line; lines that begin with # are skipped. `undefined` when the configuration has neither.
 *
 * @throws {DataError} when the angle file is missing or holds something else.
 */
export async function readAngles(config: Config): Promise<readonly number[] | undefined> {
  if (config.phiAngles !== undefined) return config.phiAngles;
  if (config.phiAnglesFile === undefined) return undefined;
  const path = await findFile(config, config.phiAnglesFile, "the file of angles");
  const words = (await readFile(path, "utf8"))
    .split("\n")
    .map((line) => line.replace(/#.*$/, "").trim())
    .filter((line) => line !== "")
    .flatMap((line) => line.split(/[\s,;]+/));
  const bad = words.find((word) => !Number.isFinite(Number(word)));
  if (bad !== undefined) throw new DataError(path, `must hold one angle per line, in degrees; found ${bad}`);
  if (words.length === 0) throw new DataError(path, "holds no angle");
  return words.map(Number);
}

async function findFile(config: Config, file: string, what: string): Promise<string> {
  if (isAbsolute(file)) return file;
  const places = [...new Set([resolve(dirname(config.path), file), resolve(file)])];
  for (const place of places) {
    if (await exists(place)) return place;
  }
  const second = places[1] === undefined ? "" : `, nor does ${places[1]}`;
  throw new DataError(places[0]!, `${what} does not exist${second}`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
