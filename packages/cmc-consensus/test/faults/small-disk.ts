import * as promises from "node:fs/promises";
import type { FileSystem } from "../../src/directory/index.ts";

/** A disk that holds so many bytes. */
export interface SmallDisk extends FileSystem {
  capacity: number;
  readonly used: () => number;
}

/** The system's files, but writing fails with ENOSPC when more than the capacity would be used, after a part is written. */
export function smallDisk(capacity: number): SmallDisk {
  const sizes = new Map<string, number>();
  const used = () => [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const disk: SmallDisk = {
    ...promises,
    capacity,
    used,
    open: async (path, flags) => {
      const handle = await promises.open(path, flags);
      const name = String(path);
      if (flags === "w") sizes.set(name, 0);
      const write = async (bytes: Uint8Array, offset = 0, length = bytes.length - offset, position?: number) => {
        const size = sizes.get(name) ?? 0;
        const fitting = Math.min(length, disk.capacity - used());
        if (fitting <= 0 && length > 0)
          throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
        const result = await handle.write(bytes, offset, fitting, position);
        sizes.set(name, Math.max(size, (position ?? size) + result.bytesWritten));
        return result;
      };
      return new Proxy(handle, {
        get(target, key) {
          if (key === "write") return write;
          const value: unknown = Reflect.get(target, key);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
    rename: async (from, to) => {
      await promises.rename(from, to);
      sizes.set(String(to), sizes.get(String(from)) ?? 0);
      sizes.delete(String(from));
    },
    rm: async (path, options) => {
      await promises.rm(path, options);
      sizes.delete(String(path));
    },
  };
  return disk;
}
