import { ANALYSIS_MODES, type AnalysisMode, DEFAULT_DT, DEFAULT_GAP, DEFAULT_Q } from "@siegert/physics-core";
import { DIAGONAL_METHODS } from "../data/diagonal-correction.ts";
import { readRanges } from "./angle-readers.ts";
import { CMC_KEYS } from "./cmc-keys.ts";
import { inertSections } from "./inert-sections.ts";
import { LEAST_SQUARES_KEYS } from "./least-squares-keys.ts";
import { readBounds, readGroupedParameters, readPriors } from "./parameter-readers.ts";
import { type Extra, fixed, inertNames, leaf, type Section, section, spellings } from "./schema.ts";
import type { Settings } from "./settings.ts";
import {
  boolean,
  filledNumberList,
  gappyNumberList,
  integerFrom,
  namedValues,
  nameList,
  nonNegative,
  numberList,
  numberThat,
  oneOf,
  optional,
  pickNumber,
  pickText,
  positive,
  text,
} from "./value-readers.ts";

/** Other words for the modes. */
const MODE_SYNONYMS: Readonly<Record<string, AnalysisMode>> = {
  static: "static_anisotropic",
  anisotropic: "static_anisotropic",
  isotropic: "static_isotropic",
  laminar: "laminar_flow",
  heterodyne: "two_component",
  "two-component": "two_component",
};

const NO_CACHE = "data are read where they are, map by map";
const DESCRIPTIVE: Extra = { kind: "descriptive" };

const mode = oneOf(ANALYSIS_MODES, MODE_SYNONYMS);
const lastFrame = numberThat(
  "be a whole number of at least 2, or -1 for all frames",
  (x) => Number.isSafeInteger(x) && (x >= 2 || x < 0),
);

const ANALYZER = section<Settings["analyzerParameters"]>(
  "The measurement.",
  {
    dt: leaf(positive, DEFAULT_DT, "time between frames, s"),
    start_frame: leaf(integerFrom(1), 1, "first frame, counted from 1"),
    end_frame: leaf(lastFrame, -1, "last frame, included; -1 for all (a simulation needs a number)"),
    scattering: section("", {
      wavevector_q: leaf(positive, DEFAULT_Q, "scattering wavevector, 1/Å"),
      q_tolerance: leaf(nonNegative, 0.1, "how far the nearest q of the file may be, as a fraction of wavevector_q"),
      q_bin_tolerance: leaf(nonNegative, 1e-6, "maps whose q differ by no more than this fraction are one bin"),
    }),
    geometry: section("", { stator_rotor_gap: leaf(positive, DEFAULT_GAP, "gap of the shear cell, Å (laminar_flow)") }),
  },
  {
    frame_step: fixed([1], "every frame is used"),
    time_unit: fixed(["seconds", "s", "second"], "times are in seconds"),
  },
);

const DATA = section<Settings["experimentalData"]>(
  "Where the maps are: HDF5, .npy or .npz, told by content. Paths count from this file, else from the working folder.",
  {
    file_path: leaf(text, null, "the data file"),
    data_folder_path: leaf(text, null, "or its folder"),
    data_file_name: leaf(text, null, "and its name"),
    phi_angles_path: leaf(text, null, "folder of phi_angles_file"),
    phi_angles_file: leaf(text, null, "text file with one angle per line, degrees, for data that carry none"),
  },
  inertNames(
    NO_CACHE,
    "cache_file_path cache_directory cache_filename_template cache_compression use_caching data_type file_format exchange_key",
  ),
);

const FILTER = section<Settings["phiFiltering"]>(
  "Choice of angles.",
  {
    enabled: leaf(boolean, false, "false: all angles of the file"),
    target_ranges: leaf(
      readRanges,
      null,
      "list of {min_angle: -10, max_angle: 10}, degrees; min above max runs through 180",
    ),
    fallback_to_all_angles: leaf(boolean, false, "take all angles, with a warning, when no angle matches"),
    tolerance: leaf(nonNegative, 5, "degrees around an angle that is given by its value"),
    quality_control: section(
      "",
      {
        min_angles_required: leaf(integerFrom(1), 1, "fewer angles are an error"),
        validate_coverage: leaf(boolean, true, "warn about a range without an angle"),
      },
      {
        ...inertNames("ranges may be as wide as they like", "max_angle_spread"),
        ...inertNames("any set of angles is fitted", "require_orthogonal_angles"),
      },
    ),
  },
  { algorithm: fixed(["range_based"], "angles are chosen by ranges") },
);

const INITIAL = section<Settings["initialParameters"]>(
  "Starting values of a fit, truth of a simulation. contrast and offset may stand among them, one value for all angles: a simulation and fixed_parameters use them; a fit begins theirs from a regression.",
  {
    parameter_names: leaf(nameList, null, "names"),
    values: leaf(gappyNumberList, null, "values, in the order of parameter_names"),
    active_parameters: leaf(nameList, null, "the only ones to fit; null: all"),
    fixed_parameters: leaf(namedValues("a number", pickNumber), null, "map of names to values that are not fitted"),
    tied_parameters: leaf(
      namedValues("the name of another parameter", pickText),
      null,
      "map of names to the parameter that each always equals",
    ),
    per_angle_scaling: section("", {
      contrast: leaf(numberList, null, "one per angle, or one for all; used as contrast in initial_parameters is"),
      offset: leaf(numberList, null, "likewise"),
    }),
  },
  { units: DESCRIPTIVE },
);

/** Every key of a configuration. */
export const ROOT_KEYS: Section<Settings> = section<Settings>(
  "",
  {
    analysis_mode: leaf<AnalysisMode | null>(mode, null, ANALYSIS_MODES.join(", ")),
    shear_convention: leaf(
      oneOf(["coded", "derived"]),
      "coded",
      "coded: sinc⁴, as the Python packages compute; derived: sinc²",
    ),
    fraction_limit: leaf(oneOf(["hard", "smooth"]), "hard", "how the sample fraction is kept in [0, 1]: hard, smooth"),
    analyzer_parameters: ANALYZER,
    temporal: section<Settings["temporal"]>("", {
      t_start: leaf(optional(integerFrom(0)), null, "first frame, counted from 0 (older files)"),
      time_length: leaf(optional(integerFrom(2)), null, "number of frames (older files)"),
    }),
    experimental_data: DATA,
    phi_angles: leaf(filledNumberList, null, "angles of the maps, degrees, for data that carry none"),
    phi_filtering: FILTER,
    initial_parameters: INITIAL,
    parameter_space: section<Settings["parameterSpace"]>("Bounds and priors.", {
      model: leaf<AnalysisMode | null>(mode, null, "repeats analysis_mode"),
      bounds: leaf(readBounds, null, "list of {name, min, max, prior_mu, prior_sigma, type}"),
      priors: leaf(readPriors, null, "map of names to {dist_type, mu, sigma, min_val, max_val}"),
    }),
    parameters: leaf(
      readGroupedParameters,
      null,
      "groups of {value, min, max, vary, prior}: another way to write the above",
    ),
    diagonal_correction: section<Settings["diagonalCorrection"]>(
      "Replacement of the diagonal of measured maps.",
      {
        method: leaf(oneOf(DIAGONAL_METHODS), "basic", DIAGONAL_METHODS.join(", ")),
        window_size: leaf(
          numberThat("be an odd whole number of at least 3", (x) => Number.isSafeInteger(x) && x >= 3 && x % 2 === 1),
          3,
          "frames of the window of statistical",
        ),
      },
      {},
      "method",
    ),
    noise: section<Settings["noise"]>("Noise of measured data.", {
      sigma: leaf(optional(positive), null, "standard deviation of c2; null: estimated from the maps"),
    }),
    simulation: section<Settings["simulation"]>("Data that are made up.", {
      noise: leaf(nonNegative, 0, "standard deviation of the noise of c2; 0: none"),
      seed: leaf(integerFrom(0), 42, "seed of the noise"),
    }),
    optimization: section<Settings["optimization"]>(
      "The fit.",
      {
        method: leaf(
          oneOf(["nlsq", "nuts", "both", "cmc"]),
          "nlsq",
          "nlsq: least squares; nuts: posterior; cmc: posterior of divided data; both: nlsq, and nuts or cmc as cmc.enable says",
        ),
        nlsq: LEAST_SQUARES_KEYS,
        cmc: CMC_KEYS,
      },
      inertSections.optimization,
    ),
    output: section<Settings["output"]>(
      "Results.",
      {
        directory: leaf(
          (context) =>
            typeof context.value === "string" && context.value !== ""
              ? { value: context.value }
              : "be the name of a folder",
          "./results",
          "folder, from the working folder",
        ),
        formats: section(
          "",
          {
            npz: leaf(boolean, true, "fitted_data.npz: data, fit, residuals"),
            html: leaf(boolean, true, "report.html"),
          },
          inertSections.formats,
        ),
      },
      inertSections.output,
    ),
  },
  {
    ...inertSections.top,
    metadata: DESCRIPTIVE,
    analysis_settings: DESCRIPTIVE,
    config_version: DESCRIPTIVE,
    scattering: spellings(),
    model: spellings(),
  },
);
