/** What a pool and its threads say to each other. Every message is plain data. */
import type { SerialisedError } from "./serialised-error.ts";
import type { MemoryBlock } from "./task.ts";

/** One try of a task. `programs` maps the task's names to keys of programs sent before. */
export interface RunModule {
  readonly kind: "run-module";
  readonly id: number;
  readonly attempt: number;
  readonly module: string;
  readonly export: string;
  readonly argument: unknown;
  readonly programs: Readonly<Record<string, number>>;
  readonly heartbeatMs: number | undefined;
}

export interface RunProgram {
  readonly kind: "run-program";
  readonly id: number;
  readonly program: number;
  readonly export: string;
  readonly arguments: readonly (number | bigint)[];
  readonly write: readonly MemoryBlock[];
  readonly read: { readonly offset: number; readonly length: number } | undefined;
}

/** To a thread. `setup` comes first: the flag holds the id of the try that should stop, where memory can be shared. */
export type ToThread =
  | { readonly kind: "setup"; readonly stopFlag: Int32Array | undefined }
  | { readonly kind: "program"; readonly key: number; readonly module: WebAssembly.Module }
  | { readonly kind: "stop"; readonly id: number; readonly reason: string }
  | RunModule
  | RunProgram;

/** From a thread. Everything with the id of a try is a sign of life of that try. */
export type FromThread =
  | { readonly kind: "ready" }
  | { readonly kind: "alive"; readonly id: number }
  | { readonly kind: "module-loaded"; readonly id: number }
  | { readonly kind: "instantiated"; readonly id: number }
  | { readonly kind: "message"; readonly id: number; readonly message: unknown }
  | { readonly kind: "result"; readonly id: number; readonly value: unknown }
  | { readonly kind: "error"; readonly id: number; readonly error: SerialisedError }
  | { readonly kind: "no-function"; readonly id: number; readonly text: string; readonly cause?: SerialisedError }
  | { readonly kind: "fatal"; readonly error: SerialisedError };
