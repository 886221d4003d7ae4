import type { ReplicaProblem } from "@siegert/log-density";

/** Columns of the problem's tallies that are reported: all but bookkeeping, whose names begin with a dot. */
export function reportedColumns({ tallies = [] }: ReplicaProblem): number[] {
  return tallies.flatMap((name, column) => (name.startsWith(".") ? [] : [column]));
}

/** Their names. */
export function reportedTallies(problem: ReplicaProblem): string[] {
  return reportedColumns(problem).map((column) => problem.tallies![column]!);
}
