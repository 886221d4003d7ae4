import { InvalidArgumentError } from "@siegert/errors";
import type { Attributes } from "./inference-data.ts";

/** Where draws come from. */
export interface Provenance {
  /** Time of creation, ISO 8601. The caller's, so that equal data give equal files. */
  readonly createdAt: string;
  /** Library that drew the samples. */
  readonly inferenceLibrary?: string | undefined;
  readonly inferenceLibraryVersion?: string | undefined;
  /** Seconds that sampling took. */
  readonly samplingTime?: number | undefined;
  /** Warmup draws per chain. */
  readonly tuningSteps?: number | undefined;
}

/**
 * Attributes of the InferenceData schema: `created_at`, `creation_library`, `creation_library_language`,
 * `inference_library`, `inference_library_version`, `sampling_time`, `tuning_steps`; those that are not given are left out.
 *
 * @throws {InvalidArgumentError} unless createdAt is a time in ISO 8601 and the numbers are finite and ≥ 0.
 */
export function schemaAttributes(provenance: Provenance): Attributes {
  const { createdAt, inferenceLibrary, inferenceLibraryVersion, samplingTime, tuningSteps } = provenance;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(createdAt) || Number.isNaN(Date.parse(createdAt))) {
    throw new InvalidArgumentError("createdAt", "be a time in ISO 8601, as 2026-01-31T12:00:00Z", createdAt);
  }
  if (samplingTime !== undefined && !(samplingTime >= 0 && samplingTime < Infinity)) {
    throw new InvalidArgumentError("samplingTime", "be finite and ≥ 0, in seconds", samplingTime);
  }
  if (tuningSteps !== undefined && !(Number.isSafeInteger(tuningSteps) && tuningSteps >= 0)) {
    throw new InvalidArgumentError("tuningSteps", "be a whole number ≥ 0", tuningSteps);
  }
  return {
    created_at: createdAt,
    creation_library: "@siegert/inference-data",
    creation_library_language: "TypeScript",
    ...(inferenceLibrary === undefined ? {} : { inference_library: inferenceLibrary }),
    ...(inferenceLibraryVersion === undefined ? {} : { inference_library_version: inferenceLibraryVersion }),
    ...(samplingTime === undefined ? {} : { sampling_time: samplingTime }),
    ...(tuningSteps === undefined ? {} : { tuning_steps: tuningSteps }),
  };
}
