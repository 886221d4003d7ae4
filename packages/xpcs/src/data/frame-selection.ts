import { type DataSource, frameWindow } from "./data-source.ts";
import type { FrameRange, FrameWindow } from "./map-storage.ts";

/** Frames that are taken from a file. */
export interface FrameSelection {
  /** What to ask the file for, in its own numbers. */
  readonly range: FrameRange;
  /** The frames by the numbers of the request. */
  readonly window: FrameWindow;
  /** What the user should know. */
  readonly warning: string | undefined;
}

/**
 * Settles wanted frames on a file that may have fewer. An end beyond the file's last frame gives way to it, with a warning.
 * But a file that does not number its frames and holds exactly as many as are wanted was cut out before: it is taken
 * whole.
 *
 * @throws {DataError} when fewer than two frames are left, or the start is before the file's first frame.
 */
export function settleFrames(
  source: Pick<DataSource, "path" | "frames" | "firstFrame" | "tellsFirstFrame">,
  { startFrame, endFrame = -1 }: FrameRange,
): FrameSelection {
  const { frames, firstFrame, tellsFirstFrame } = source;
  const start = startFrame ?? firstFrame;
  const lastFrame = firstFrame + frames - 1;
  if (endFrame <= lastFrame) {
    const range = { startFrame, endFrame };
    return { range, window: frameWindow(source, range), warning: undefined };
  }
  if (!tellsFirstFrame && Number.isInteger(start) && endFrame - start + 1 === frames) {
    const warning = `the file holds as many frames (${frames}) as start_frame ${start} to end_frame ${endFrame}: it is taken as cut out already`;
    return { range: {}, window: { first: 0, count: frames, startFrame: start }, warning };
  }
  const range = { startFrame, endFrame: lastFrame };
  const warning = `end_frame ${endFrame} is beyond the file's last frame ${lastFrame}; frames ${start} to ${lastFrame} are used`;
  return { range, window: frameWindow(source, range), warning };
}
