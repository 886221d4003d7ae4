export { type DirectoryStoreOptions, directoryStore } from "./directory-store.ts";
export type { FileSystem } from "./file-system.ts";
