import { InvalidArgumentError, SiegertError } from "@siegert/errors";
import { checkInferenceData } from "./check-inference-data.ts";
import { withAllLabels } from "./create-inference-data.ts";
import { type GroupKey, groupKeyOf } from "./group-names.ts";
import type { Attributes, Group, InferenceData } from "./inference-data.ts";
import { InferenceDataError } from "./inference-data-error.ts";

/**
 * Groups of a file, by their names in it, as InferenceData.
 *
 * @throws {InferenceDataError} when there is no group.
 * @throws {InvalidArgumentError} when something does not agree.
 */
export function assembleInferenceData(
  format: string,
  groups: Iterable<readonly [string, Group]>,
  attributes: Attributes,
): InferenceData {
  const known: { [key in GroupKey]?: Group } = {};
  const otherGroups: Record<string, Group> = {};
  let count = 0;
  for (const [name, group] of groups) {
    const key = groupKeyOf(name);
    if (key === undefined) otherGroups[name] = group;
    else known[key] = group;
    count++;
  }
  if (count === 0) throw new InferenceDataError(format, "", "has no groups: it is not InferenceData");
  const data: InferenceData = { ...known, otherGroups, attributes };
  checkInferenceData(data);
  return withAllLabels(data);
}

/** What `read` returns; whatever goes wrong in it comes out as an {@link InferenceDataError}. */
export function readingErrors<T>(format: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw readingError(format, cause);
  }
}

/** An error of reading, with the place where there is one. */
function readingError(format: string, cause: unknown): unknown {
  if (cause instanceof InvalidArgumentError) {
    return new InferenceDataError(format, cause.argument, `must ${cause.requirement}`, cause);
  }
  if (cause instanceof SiegertError) return cause;
  return new InferenceDataError(format, "", `is damaged${reason(cause)}`, cause);
}

/** The first line of a message; of the HDF5 library's, which list a chain of calls, the innermost. */
function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return "";
  const calls = [...cause.message.matchAll(/^\s*#\d+: .*? in \w+\(\): (.*)$/gm)];
  const text = calls.at(-1)?.[1] ?? cause.message.split("\n", 1)[0]!;
  return text === "" ? "" : `: ${text}`;
}
