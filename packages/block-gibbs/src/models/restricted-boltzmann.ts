import { type Block, block } from "../nodes/block.ts";
import { type SpinNode, spinNodes } from "../nodes/node.ts";
import { type IsingModel, isingModel } from "./ising-model.ts";
import { checkedNumbers } from "./pairwise.ts";

/** An Ising model of two layers, joined completely between them and not within. */
export interface RestrictedBoltzmannModel {
  readonly model: IsingModel;
  readonly visible: Block<SpinNode>;
  readonly hidden: Block<SpinNode>;
}

/** What `restrictedBoltzmann` needs to know. */
export interface RestrictedBoltzmannDefinition {
  /** Visible spins, or how many; they are then named v0, v1, … */
  readonly visible: number | readonly SpinNode[];
  /** Hidden spins, or how many; they are then named h0, h1, … */
  readonly hidden: number | readonly SpinNode[];
  /** Row-major, (visible, hidden), or one number for all. */
  readonly weights: number | ArrayLike<number>;
  readonly visibleFields?: number | ArrayLike<number>;
  readonly hiddenFields?: number | ArrayLike<number>;
  readonly beta?: number;
}

/**
 * A restricted Boltzmann machine of ±1 units: V = −Σ a_i v_i − Σ b_j h_j − Σ W_ij v_i h_j. Its two layers are the blocks
 * to draw. (For units 0 and 1, put v = 2x − 1: W is a quarter of theirs, and fields change accordingly.)
 * @throws {InvalidArgumentError} as `isingModel`.
 */
export function restrictedBoltzmann(definition: RestrictedBoltzmannDefinition): RestrictedBoltzmannModel {
  const { weights, visibleFields = 0, hiddenFields = 0, beta = 1 } = definition;
  const visible = layer(definition.visible, "v");
  const hidden = layer(definition.hidden, "h");
  const [rows, columns] = [visible.length, hidden.length];
  const edges = new Int32Array(2 * rows * columns);
  for (let e = 0; e < rows * columns; e++) {
    edges[2 * e] = Math.floor(e / columns);
    edges[2 * e + 1] = rows + (e % columns);
  }
  const fields = Float64Array.of(
    ...checkedNumbers("visibleFields", visibleFields, rows),
    ...checkedNumbers("hiddenFields", hiddenFields, columns),
  );
  const couplings = checkedNumbers("weights", weights, rows * columns);
  const model = isingModel({ nodes: [...visible, ...hidden], edges, couplings, fields, beta });
  return {
    model,
    visible: block(visible, { name: "visible" }),
    hidden: block(hidden, { name: "hidden" }),
  };
}

function layer(nodes: number | readonly SpinNode[], prefix: string): readonly SpinNode[] {
  return typeof nodes === "number" ? spinNodes(nodes, prefix) : nodes;
}
