/** A pcap file as it is written packet by packet (draft-ietf-opsawg-pcap), in little-endian order and microseconds. */

const MAGIC = 0xa1b2c3d4;
const HEADER_BYTES = 24;
const RECORD_BYTES = 16;

export function fileHeader(linkType: number, snapLength: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, 2, true); // version 2.4
  view.setUint16(6, 4, true);
  view.setUint32(16, snapLength, true);
  view.setUint32(20, linkType, true);
  return new Uint8Array(view.buffer);
}

/** `milliseconds` since 1970, with fractions. */
export function record(milliseconds: number, bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(RECORD_BYTES + bytes.length);
  const view = new DataView(all.buffer);
  const micros = Math.round(milliseconds * 1000);
  view.setUint32(0, Math.floor(micros / 1e6), true);
  view.setUint32(4, micros % 1e6, true);
  view.setUint32(8, bytes.length, true);
  view.setUint32(12, bytes.length, true);
  all.set(bytes, RECORD_BYTES);
  return all;
}
