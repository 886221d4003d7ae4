import * as promises from "node:fs/promises";

/** The file operations that a directory store uses, for tests that let them fail. */
export type FileSystem = Pick<typeof promises, "link" | "mkdir" | "open" | "readdir" | "readFile" | "rename" | "rm">;

/** The system's own. */
export const systemFiles: FileSystem = promises;
