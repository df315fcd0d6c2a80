/**
 * The layers above TCP in one segment, from the messages that end in it: those of one protocol share a layer, one that was put
 * together from several segments has its own.
 */

/** Layers of one segment that are listed; a row with more is dissected when asked. */
export const MAX_LAYERS = 32;

export class SegmentLayers {
  /** Protocol indexes, as far as they are listed. */
  readonly items = new Uint16Array(MAX_LAYERS);
  /** One past the list's end counts on. */
  count = 0;
  /** Protocols that messages of this segment share a layer of; 0: none yet. */
  own = 0;
  private outer = 0;

  clear(): void {
    this.count = 0;
    this.own = 0;
    this.outer = 0;
  }

  add(protocol: number): void {
    if (this.count < MAX_LAYERS) this.items[this.count] = protocol;
    this.count++;
  }

  /** `first`: the flow's application; `above`: what lies above the message, 0: nothing. */
  message(first: number, protocol: number, isInside: boolean, isFromEarlier: boolean, above: number): void {
    if (isInside && (isFromEarlier || this.outer !== first)) this.add(first);
    if (isFromEarlier || this.own !== protocol) this.add(protocol);
    if (!isFromEarlier) {
      this.own = protocol;
      this.outer = isInside ? first : protocol;
    }
    if (above !== 0) this.add(above);
  }
}
