/**
 * The dictionary of protocol stacks: a tree in which every node is one stack, e.g. `eth:ethertype:ip:tcp`. Entering a layer is
 * one step to a child. Node 0 is the empty stack. At most 65,534 stacks; past that, rows are dissected when asked.
 */

/** A row whose stack must be found by dissecting it. */
export const DISSECT_ME = 65535;
export const MAX_STACKS = 65535;

export class Stacks {
  /** Per node: the stack below (its parent) and the protocol on top. */
  readonly parent: Uint16Array;
  readonly protocol: Uint16Array;
  count = 1;
  /** Last child asked for per node: packets come in runs, so this answers nearly always. */
  private readonly lastProtocol = new Uint16Array(MAX_STACKS);
  private readonly lastChild = new Uint16Array(MAX_STACKS);
  private readonly children = new Map<number, number>();

  /** The two arrays may lie on shared memory, for another thread to read. */
  constructor(parent: Uint16Array = new Uint16Array(MAX_STACKS), protocol: Uint16Array = new Uint16Array(MAX_STACKS)) {
    this.parent = parent;
    this.protocol = protocol;
  }

  /** The stack with one protocol more on top. Hot: once per layer. */
  push(stack: number, protocol: number): number {
    if (this.lastProtocol[stack] === protocol) return this.lastChild[stack];
    return this.pushSlow(stack, protocol);
  }

  private pushSlow(stack: number, protocol: number): number {
    if (stack === DISSECT_ME) return DISSECT_ME;
    const key = stack * 65536 + protocol;
    let child = this.children.get(key);
    if (child === undefined) {
      if (this.count >= MAX_STACKS) return DISSECT_ME;
      child = this.count++;
      this.parent[child] = stack;
      this.protocol[child] = protocol;
      this.children.set(key, child);
    }
    this.lastProtocol[stack] = protocol;
    this.lastChild[stack] = child;
    return child;
  }

  /** Protocol indexes from the outside in. */
  layers(stack: number): number[] {
    const layers: number[] = [];
    if (stack === DISSECT_ME) return layers;
    for (let node = stack; node !== 0; node = this.parent[node]) layers.push(this.protocol[node]);
    return layers.reverse();
  }

  /** Is a protocol in the stack? False for rows that must be dissected: nothing is known of them. */
  has(stack: number, protocol: number): boolean {
    if (stack === DISSECT_ME) return false;
    for (let node = stack; node !== 0; node = this.parent[node]) if (this.protocol[node] === protocol) return true;
    return false;
  }

  /** The stack of another dictionary in this one; `known` remembers answers (0: not yet asked). */
  adopt(other: StackNodes, stack: number, known: Uint16Array): number {
    if (stack === 0 || stack === DISSECT_ME) return stack;
    if (known[stack] !== 0) return known[stack];
    const mine = this.push(this.adopt(other, other.parent[stack], known), other.protocol[stack]);
    known[stack] = mine;
    return mine;
  }
}

/** What adopting needs of a dictionary that another thread fills. */
export interface StackNodes {
  readonly parent: Uint16Array;
  readonly protocol: Uint16Array;
}
