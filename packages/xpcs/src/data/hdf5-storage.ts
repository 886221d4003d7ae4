import { DataError } from "./data-error.ts";
import { openApsLegacy, openApsU } from "./hdf5-aps.ts";
import { Hdf5File } from "./hdf5-file.ts";
import { EXCHANGE_NAMES, openGeneric } from "./hdf5-generic.ts";
import type { MapStorage } from "./map-storage.ts";

/** Start of every HDF5 file, at offset 0, 512, 1024, 2048 … */
export const HDF5_MAGIC: Uint8Array = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * Opens an HDF5 file, of whichever layout it has: APS-U, APS legacy, `exchange/…`, or datasets at the root.
 *
 * @throws {DataError} for a truncated or damaged file, an unknown layout (the message tells the expected datasets and what
 * the file has), or contents that do not fit together.
 */
export async function openHdf5(path: string): Promise<MapStorage> {
  const file = await Hdf5File.open(path);
  try {
    return openLayout(file);
  } catch (error) {
    file.close();
    throw error;
  }
}

function openLayout(file: Hdf5File): MapStorage {
  if (file.has("xpcs/twotime/correlation_map") || file.has("xpcs/qmap/dynamic_v_list_dim0")) return openApsU(file);
  if (file.has("exchange/C2T_all") || (file.has("xpcs/dqlist") && file.has("xpcs/dphilist")))
    return openApsLegacy(file);
  const exchange = EXCHANGE_NAMES.map((name) => `exchange/${name}`).find((name) => file.find(name) !== undefined);
  if (exchange !== undefined) return openGeneric(file, "exchange", exchange);
  if (file.find("c2") !== undefined) return openGeneric(file, "flat", "c2");
  const group = [...EXCHANGE_NAMES.map((name) => `exchange/${name}`), "c2"].find((name) => file.has(name));
  if (group !== undefined) file.dataset(group);
  const expected = [
    "xpcs/twotime/correlation_map (APS-U)",
    "exchange/C2T_all (APS legacy)",
    `exchange/{${EXCHANGE_NAMES.join(", ")}}`,
    "c2",
  ];
  throw new DataError(
    file.path,
    `no two-time correlation found: expected one of ${expected.join(", ")}; ${file.neighbours("")}${file.has("exchange") ? `; ${file.neighbours("exchange/c2")}` : ""}`,
  );
}
