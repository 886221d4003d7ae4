import * as promises from "node:fs/promises";
import type { FileSystem } from "../../src/directory/index.ts";

/** Files of a process that dies at some operation: from that one on nothing is done any more. */
export interface DyingDisk extends FileSystem {
  /** Operations done. */
  readonly done: () => number;
}

/**
 * The system's files for as many operations as are given. A write that is the last one is done in half, as when the
 * process dies in its midst.
 */
export function dyingDisk(operations: number): DyingDisk {
  let done = 0;
  const count = () => {
    if (done >= operations) throw Object.assign(new Error("EIO: the process is dead"), { code: "EIO" });
    done++;
  };
  const handleOf = (handle: promises.FileHandle) =>
    new Proxy(handle, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== "function") return value;
        if (key === "close") return value.bind(target);
        return async (...parameters: unknown[]) => {
          count();
          if (key === "write" && done === operations) {
            const [bytes, offset = 0, length = (bytes as Uint8Array).length, position] = parameters as [
              Uint8Array,
              number?,
              number?,
              number?,
            ];
            await target.write(bytes, offset, Math.floor(length / 2), position);
            count();
          }
          return (value as (...all: unknown[]) => unknown).apply(target, parameters);
        };
      },
    });
  const counted = <Parameters extends unknown[], Result>(work: (...parameters: Parameters) => Promise<Result>) => {
    return async (...parameters: Parameters): Promise<Result> => {
      count();
      return work(...parameters);
    };
  };
  return {
    done: () => done,
    link: counted(promises.link),
    mkdir: counted(promises.mkdir) as FileSystem["mkdir"],
    open: counted(async (path: string, flags: string) =>
      handleOf(await promises.open(path, flags)),
    ) as FileSystem["open"],
    readdir: counted(promises.readdir as never) as FileSystem["readdir"],
    readFile: counted(promises.readFile as never) as FileSystem["readFile"],
    rename: counted(promises.rename),
    rm: counted(promises.rm),
  };
}
