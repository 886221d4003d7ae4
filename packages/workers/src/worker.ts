/** The file that a thread runs. */
import { serveTasks } from "./serve-tasks.ts";

serveTasks();
