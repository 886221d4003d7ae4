import { readingErrors } from "./assemble-inference-data.ts";

type Hdf5 = typeof import("h5wasm");
type Hdf5File = InstanceType<Hdf5["File"]>;
type Hdf5Module = Awaited<Hdf5["ready"]>;

let loading: Promise<{ hdf5: Hdf5; module: Hdf5Module }> | undefined;
let scratchFiles = 0;

/** The HDF5 library: 4 MB, loaded when it is first needed. Its failures are thrown, not printed. */
async function load(): Promise<{ hdf5: Hdf5; module: Hdf5Module }> {
  const hdf5 = await import("h5wasm");
  const module = await hdf5.ready;
  (module as Hdf5Module & { activate_throwing_error_handler(): number }).activate_throwing_error_handler();
  return { hdf5, module };
}

async function library(): Promise<{ hdf5: Hdf5; module: Hdf5Module }> {
  loading ??= load();
  try {
    return await loading;
  } catch (cause) {
    // A failed download is tried again at the next call.
    loading = undefined;
    throw cause;
  }
}

/**
 * Bytes of a new HDF5 file that `write` fills. The file lives in the library's own memory and is gone afterwards; there
 * is no waiting between its creation and its end, so calls cannot meet.
 */
export async function writeHdf5(write: (file: Hdf5File) => void): Promise<Uint8Array<ArrayBuffer>> {
  const { hdf5, module } = await library();
  return inScratchFile(module, (path) => {
    const file = new hdf5.File(path, "w", { track_order: true });
    try {
      write(file);
      file.flush();
    } finally {
      file.close();
    }
    return module.FS.readFile(path) as Uint8Array<ArrayBuffer>;
  });
}

/**
 * What `read` finds in the bytes of an HDF5 file.
 *
 * @throws {InferenceDataError} when the library or `read` fails.
 */
export async function readHdf5<T>(bytes: Uint8Array, read: (file: Hdf5File, hdf5: Hdf5) => T): Promise<T> {
  const { hdf5, module } = await library();
  return readingErrors("NetCDF", () =>
    inScratchFile(module, (path) => {
      module.FS.writeFile(path, bytes);
      const file = new hdf5.File(path, "r");
      try {
        return read(file, hdf5);
      } finally {
        file.close();
      }
    }),
  );
}

function inScratchFile<T>(module: Hdf5Module, work: (path: string) => T): T {
  const path = `/siegert-inference-data-${scratchFiles++}.nc`;
  const streams = (): readonly unknown[] => (module.FS as unknown as { streams: readonly unknown[] }).streams;
  const before = new Set(streams());
  try {
    return work(path);
  } finally {
    // After a failure the library leaves the file open, and one more in which it composed its message.
    for (const stream of [...streams()]) {
      if (stream && !before.has(stream)) module.FS.close(stream as Parameters<typeof module.FS.close>[0]);
    }
    if (module.FS.analyzePath(path).exists) {
      // Emptied first, for what still refers to it.
      module.FS.truncate(path, 0);
      module.FS.unlink(path);
    }
  }
}
