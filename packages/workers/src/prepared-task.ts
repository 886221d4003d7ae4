import { InvalidArgumentError } from "@siegert/errors";
import { moduleAddress } from "./module-address.ts";
import type { KeyedProgram, ProgramTable } from "./program-table.ts";
import type { RunModule, RunProgram } from "./protocol.ts";
import type { ModuleTask, Task, WasmTask } from "./task.ts";
import { shortened } from "./task-host.ts";
import { findUnclonable } from "./unclonable.ts";
import { UnserialisableError } from "./unserialisable-error.ts";

/** A checked task with its argument copied: what the caller changes afterwards plays no role, in no rerun either. */
export interface PreparedTask {
  readonly name: string;
  readonly programs: readonly KeyedProgram[];
  /** Whether the argument holds something that can be moved once, but not copied. */
  readonly isOnce: boolean;
  /** What the last try moves instead of copying. */
  readonly transfer: readonly Transferable[];
  request(id: number, attempt: number, heartbeatMs: number | undefined): RunModule | RunProgram;
}

/**
 * @throws {InvalidArgumentError} for a task that is none.
 * @throws {UnserialisableError} when the argument holds what cannot travel.
 */
export function prepareTask(task: Task, transfer: readonly Transferable[], programs: ProgramTable): PreparedTask {
  if (typeof task === "object" && task !== null) {
    if ("module" in task) return prepareModuleTask(task, transfer, programs);
    if ("program" in task) return prepareWasmTask(task, transfer, programs);
  }
  throw new InvalidArgumentError("task", "be an object with a module or a program; functions do not travel", task);
}

function prepareModuleTask(task: ModuleTask, transfer: readonly Transferable[], programs: ProgramTable): PreparedTask {
  const module = moduleAddress(task.module);
  const exportName = functionName(task.export);
  const named = Object.entries(task.wasm ?? {}).map(
    ([name, source]) => [name, programs.find(source, `task.wasm.${name}`)] as const,
  );
  const keys = Object.fromEntries(named.map(([name, { key }]) => [name, key]));
  const copy = snapshot(task.argument, transfer, "argument");
  return {
    name: task.name ?? `${shortened(module)}#${exportName}`,
    programs: named.map(([, program]) => program),
    ...copy.moved,
    request: (id, attempt, heartbeatMs) => ({
      kind: "run-module",
      id,
      attempt,
      module,
      export: exportName,
      argument: copy.value,
      programs: keys,
      heartbeatMs,
    }),
  };
}

function prepareWasmTask(task: WasmTask, transfer: readonly Transferable[], programs: ProgramTable): PreparedTask {
  const program = programs.find(task.program, "task.program");
  const exportName = functionName(task.export);
  checkProgram(program.module, exportName);
  const { write = [], read } = task;
  for (const [k, { offset }] of write.entries()) requireOffset(`task.write[${k}].offset`, offset);
  if (read) {
    requireOffset("task.read.offset", read.offset);
    requireOffset("task.read.length", read.length);
  }
  const data = { arguments: [...(task.arguments ?? [])], write: write.map(({ offset, bytes }) => ({ offset, bytes })) };
  const copy = snapshot(data, transfer, "task");
  return {
    name: task.name ?? `WebAssembly program#${exportName}`,
    programs: [program],
    ...copy.moved,
    request: (id) => ({ kind: "run-program", id, program: program.key, export: exportName, ...copy.value, read }),
  };
}

function functionName(name: string | undefined): string {
  if (name === undefined) return "run";
  if (typeof name === "string" && name !== "") return name;
  throw new InvalidArgumentError("task.export", "be the name of an exported function", name);
}

function checkProgram(module: WebAssembly.Module, name: string): void {
  const imports = WebAssembly.Module.imports(module);
  if (imports.length > 0) {
    const advice = "have no imports; one with imports is instantiated by a module's function, with context.instantiate";
    throw new InvalidArgumentError("task.program", advice, imports.map((i) => `${i.module}.${i.name}`).join(", "));
  }
  const functions = WebAssembly.Module.exports(module).filter(({ kind }) => kind === "function");
  if (functions.some((exported) => exported.name === name)) return;
  const known = functions.map((exported) => exported.name).join(", ") || "none";
  throw new InvalidArgumentError("task.export", `be a function of the program (${known})`, name);
}

function requireOffset(argument: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value >= 0)) {
    throw new InvalidArgumentError(argument, "be an integer of at least 0", value);
  }
}

/** The copy, and the moved buffers as they are called in it. */
function snapshot<Value>(value: Value, transfer: readonly Transferable[], path: string) {
  try {
    const copy = structuredClone({ value, transfer: [...transfer] }, { transfer: [...transfer] });
    const isOnce = copy.transfer.some((item) => !(item instanceof ArrayBuffer));
    return { value: copy.value, moved: { transfer: copy.transfer, isOnce } };
  } catch (cause) {
    const found = findUnclonable(value, path);
    const error = new UnserialisableError(found.path, found.message);
    error.cause = cause;
    throw error;
  }
}
