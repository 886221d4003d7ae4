import type { RunStore } from "./run-store.ts";
import { RunStoreError } from "./run-store-error.ts";

/** Keeps a run in memory: what it holds can be gone on with as long as the program runs. */
export function memoryStore(): RunStore {
  const name = "memory";
  const written = new Map<string, Uint8Array>();
  const lines: string[] = [];
  let isOpen = false;
  return {
    name,
    async open() {
      if (isOpen) throw new RunStoreError(name, "locked", "another run uses this store; wait for it, or make another");
      isOpen = true;
    },
    async close() {
      isOpen = false;
    },
    list: async () => [...written.keys()],
    read: async (key) => written.get(key)?.slice(),
    async write(key, bytes) {
      written.set(key, new Uint8Array(bytes));
    },
    async append(line) {
      lines.push(line);
    },
    log: async () => [...lines],
    async reserve() {},
  };
}
