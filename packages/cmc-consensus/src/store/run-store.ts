/**
 * Where a run is kept, as named bytes and a log, so that it can go on after an interruption. `directoryStore` of
 * `@siegert/cmc-consensus/directory` keeps it in a folder, `memoryStore` for as long as the program runs; another may
 * keep it in a database. What the bytes mean, checksums included, is not the store's business.
 */
export interface RunStore {
  /** Shown in messages, such as a path. */
  readonly name: string;
  /** Takes sole possession. @throws {RunStoreError} "locked" when another process has it. */
  open(): Promise<void>;
  /** Gives up possession. */
  close(): Promise<void>;
  /** Names of what was written. */
  list(): Promise<readonly string[]>;
  /** What was written under a name; undefined when nothing was. */
  read(name: string): Promise<Uint8Array | undefined>;
  /**
   * Writes completely and durably, or not at all. The name has letters, digits, "-" and ".".
   * @throws {RunStoreError} "full" when there is no room.
   */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Adds a line to the log. What a crash leaves of a line is no line. */
  append(line: string): Promise<void>;
  /** The lines of the log. */
  log(): Promise<readonly string[]>;
  /**
   * Keeps room for results that are under way, so that they can be written when the disk fills up; `reserve(0)` gives
   * it back. @throws {RunStoreError} "full" when there is no room.
   */
  reserve(bytes: number): Promise<void>;
}
