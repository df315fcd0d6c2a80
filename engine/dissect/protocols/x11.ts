/** X11 (X Window System Protocol, X Version 11): requests, replies, events and errors by name. */

import { u16, u16le, u32, u32le } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE } from '../protocol.ts';
import { isFromServer } from '../text-lines.ts';
import type { TreeBuilder } from '../tree.ts';

const PORTS = Array.from({ length: 64 }, (_, display) => 6000 + display);
const UNIT = 32;
const MAX_REQUEST = 1 << 24;
const OPCODES: Readonly<Record<number, string>> = {
  1: 'CreateWindow',
  2: 'ChangeWindowAttributes',
  3: 'GetWindowAttributes',
  4: 'DestroyWindow',
  5: 'DestroySubwindows',
  6: 'ChangeSaveSet',
  7: 'ReparentWindow',
  8: 'MapWindow',
  9: 'MapSubwindows',
  10: 'UnmapWindow',
  11: 'UnmapSubwindows',
  12: 'ConfigureWindow',
  13: 'CirculateWindow',
  14: 'GetGeometry',
  15: 'QueryTree',
  16: 'InternAtom',
  17: 'GetAtomName',
  18: 'ChangeProperty',
  19: 'DeleteProperty',
  20: 'GetProperty',
  21: 'ListProperties',
  22: 'SetSelectionOwner',
  23: 'GetSelectionOwner',
  24: 'ConvertSelection',
  25: 'SendEvent',
  26: 'GrabPointer',
  27: 'UngrabPointer',
  28: 'GrabButton',
  29: 'UngrabButton',
  30: 'ChangeActivePointerGrab',
  31: 'GrabKeyboard',
  32: 'UngrabKeyboard',
  33: 'GrabKey',
  34: 'UngrabKey',
  35: 'AllowEvents',
  36: 'GrabServer',
  37: 'UngrabServer',
  38: 'QueryPointer',
  39: 'GetMotionEvents',
  40: 'TranslateCoordinates',
  41: 'WarpPointer',
  42: 'SetInputFocus',
  43: 'GetInputFocus',
  44: 'QueryKeymap',
  45: 'OpenFont',
  46: 'CloseFont',
  47: 'QueryFont',
  48: 'QueryTextExtents',
  49: 'ListFonts',
  50: 'ListFontsWithInfo',
  51: 'SetFontPath',
  52: 'GetFontPath',
  53: 'CreatePixmap',
  54: 'FreePixmap',
  55: 'CreateGC',
  56: 'ChangeGC',
  57: 'CopyGC',
  58: 'SetDashes',
  59: 'SetClipRectangles',
  60: 'FreeGC',
  61: 'ClearArea',
  62: 'CopyArea',
  63: 'CopyPlane',
  64: 'PolyPoint',
  65: 'PolyLine',
  66: 'PolySegment',
  67: 'PolyRectangle',
  68: 'PolyArc',
  69: 'FillPoly',
  70: 'PolyFillRectangle',
  71: 'PolyFillArc',
  72: 'PutImage',
  73: 'GetImage',
  74: 'PolyText8',
  75: 'PolyText16',
  76: 'ImageText8',
  77: 'ImageText16',
  78: 'CreateColormap',
  79: 'FreeColormap',
  80: 'CopyColormapAndFree',
  81: 'InstallColormap',
  82: 'UninstallColormap',
  83: 'ListInstalledColormaps',
  84: 'AllocColor',
  85: 'AllocNamedColor',
  86: 'AllocColorCells',
  87: 'AllocColorPlanes',
  88: 'FreeColors',
  89: 'StoreColors',
  90: 'StoreNamedColor',
  91: 'QueryColors',
  92: 'LookupColor',
  93: 'CreateCursor',
  94: 'CreateGlyphCursor',
  95: 'FreeCursor',
  96: 'RecolorCursor',
  97: 'QueryBestSize',
  98: 'QueryExtension',
  99: 'ListExtensions',
  100: 'ChangeKeyboardMapping',
  101: 'GetKeyboardMapping',
  102: 'ChangeKeyboardControl',
  103: 'GetKeyboardControl',
  104: 'Bell',
  105: 'ChangePointerControl',
  106: 'GetPointerControl',
  107: 'SetScreenSaver',
  108: 'GetScreenSaver',
  109: 'ChangeHosts',
  110: 'ListHosts',
  111: 'SetAccessControl',
  112: 'SetCloseDownMode',
  113: 'KillClient',
  114: 'RotateProperties',
  115: 'ForceScreenSaver',
  116: 'SetPointerMapping',
  117: 'GetPointerMapping',
  118: 'SetModifierMapping',
  119: 'GetModifierMapping',
  127: 'NoOperation',
};
const EVENTS: Readonly<Record<number, string>> = {
  2: 'KeyPress',
  3: 'KeyRelease',
  4: 'ButtonPress',
  5: 'ButtonRelease',
  6: 'MotionNotify',
  7: 'EnterNotify',
  8: 'LeaveNotify',
  9: 'FocusIn',
  10: 'FocusOut',
  11: 'KeymapNotify',
  12: 'Expose',
  13: 'GraphicsExpose',
  14: 'NoExpose',
  15: 'VisibilityNotify',
  16: 'CreateNotify',
  17: 'DestroyNotify',
  18: 'UnmapNotify',
  19: 'MapNotify',
  20: 'MapRequest',
  21: 'ReparentNotify',
  22: 'ConfigureNotify',
  23: 'ConfigureRequest',
  24: 'GravityNotify',
  25: 'ResizeRequest',
  26: 'CirculateNotify',
  27: 'CirculateRequest',
  28: 'PropertyNotify',
  29: 'SelectionClear',
  30: 'SelectionRequest',
  31: 'SelectionNotify',
  32: 'ColormapNotify',
  33: 'ClientMessage',
  34: 'MappingNotify',
};
const ERRORS: Readonly<Record<number, string>> = {
  0: 'Success',
  1: 'BadRequest',
  2: 'BadValue',
  3: 'BadWindow',
  4: 'BadPixmap',
  5: 'BadAtom',
  6: 'BadCursor',
  7: 'BadFont',
  8: 'BadMatch',
  9: 'BadDrawable',
  10: 'BadAccess',
  11: 'BadAlloc',
  12: 'BadColormap',
  13: 'BadGC',
  14: 'BadIDChoice',
  15: 'BadName',
  16: 'BadLength',
  17: 'BadImplementation',
};
const REPLY = 1;
const ORDER = { little: 0x6c, big: 0x42 } as const;
/** Framing state of the connection's byte order, kept per flow. */
const KNOWN = { none: 0, little: 1, big: 2 } as const;
const ORDER_MASK = 3;
/** Which direction is the server's, beside the byte order. */
const SERVER = { mask: 12, first: 4, second: 8 } as const;

/** The order of the bytes: told by the connection's first message, else by the length that is not absurd. */
function isLittle(f: Framing): boolean {
  if ((f.shared & ORDER_MASK) !== KNOWN.none) return (f.shared & ORDER_MASK) === KNOWN.little;
  const { bytes, at, end } = f;
  const isServer = isServerSide(f);
  const little = !isServer ? u16le(bytes, at + 2) : u32le(bytes, at + 4);
  const big = !isServer ? u16(bytes, at + 2) : u32(bytes, at + 4);
  if (end - at < 4 || little === big) return true;
  const order = big === 0 || (little !== 0 && little < big) ? KNOWN.little : KNOWN.big;
  f.shared |= order;
  return order === KNOWN.little;
}

/** Events come in units of 32 bytes; a capture may begin with either side. */
function isServerSide(f: Framing): boolean {
  if ((f.shared & SERVER.mask) === 0) {
    const { bytes, at, end } = f;
    let isEvents = end - at >= UNIT && (end - at) % UNIT === 0;
    for (let unit = at; unit < end && isEvents; unit += UNIT) isEvents = (bytes[unit] & 0x7f) < 35;
    f.shared |= isEvents === (f.direction === 0) ? SERVER.first : SERVER.second;
  }
  return ((f.shared & SERVER.mask) === SERVER.first) === (f.direction === 0);
}

function frame(f: Framing): number {
  const { bytes, at, end } = f;
  const have = end - at;
  if (!isServerSide(f)) {
    if (have < 4) return MORE;
    const first = bytes[at];
    if (
      f.state === 0 &&
      (first === ORDER.little || first === ORDER.big) &&
      have >= 12 &&
      (first === ORDER.little ? u16le(bytes, at + 2) : u16(bytes, at + 2)) === 11
    ) {
      f.state = 1;
      f.shared = SERVER.second | (first === ORDER.little ? KNOWN.little : KNOWN.big);
      const name = first === ORDER.little ? u16le(bytes, at + 6) : u16(bytes, at + 6);
      const data = first === ORDER.little ? u16le(bytes, at + 8) : u16(bytes, at + 8);
      return 12 + ((name + 3) & ~3) + ((data + 3) & ~3);
    }
    f.state = 1;
    const little = isLittle(f);
    let length = 4 * (little ? u16le(bytes, at + 2) : u16(bytes, at + 2));
    if (length === 0) {
      if (have < 8) return MORE;
      length = 4 * (little ? u32le(bytes, at + 4) : u32(bytes, at + 4));
    }
    return length < 4 || length > MAX_REQUEST ? have : length;
  }
  if (have < UNIT) return MORE;
  if (bytes[at] !== REPLY) return UNIT;
  const extra = 4 * (isLittle(f) ? u32le(bytes, at + 4) : u32(bytes, at + 4));
  return extra > MAX_REQUEST ? have : UNIT + extra;
}

/** Bytes and side of the frame's last message: more of the same kind in one segment share a heading in Info. */
interface Said {
  readonly bytes: Uint8Array;
  readonly heading: string;
}

const said = new WeakMap<TreeBuilder, Said>();

export const x11 = defineProtocol({
  name: 'x11',
  title: 'X11',
  on: { 'tcp.port': PORTS },
  fields: {
    request: { type: 'u8', label: 'request', abbrev: 'x11.opcode', names: OPCODES, many: true },
    'request-length': { type: 'u16', label: 'request-length', many: true },
    reply: { type: 'u8', label: 'reply', names: { 1: 'Reply' }, many: true },
    eventcode: { type: 'u8', label: 'eventcode', names: EVENTS, many: true },
    errorcode: { type: 'u8', label: 'errorcode', names: ERRORS, many: true },
  },
  frame,
  tree(t) {
    if (isFromServer(t, PORTS)) fromServer(t);
    else request(t);
  },
});

function say(t: TreeBuilder, heading: string, text: string): void {
  const before = said.get(t);
  const isNext = before?.bytes === t.bytes;
  t.info(isNext && before?.heading === heading ? `, ${text}` : `${isNext ? ' ' : ''}${heading}: ${text}`);
  t.addLabel(`, ${heading}, ${text}`);
  said.set(t, { bytes: t.bytes, heading });
}

function request(t: TreeBuilder): void {
  const code = t.u8(t.at);
  if (
    (code === ORDER.little || code === ORDER.big) &&
    t.has(t.at, 12) &&
    (code === ORDER.little ? t.u16le(t.at + 2) : t.u16(t.at + 2)) === 11 &&
    t.end - t.at >= 12
  ) {
    say(t, 'Requests', 'Initial connection request');
    return;
  }
  const name = OPCODES[code] ?? `<Unknown opcode ${code}>`;
  say(t, 'Requests', name);
  t.add('request', t.at);
  t.put('request-length', Math.min(0xffff, Math.floor((t.wireEnd - t.at) / 4)), t.at + 2, 2);
}

function fromServer(t: TreeBuilder): void {
  const code = t.u8(t.at);
  if (code === REPLY) {
    say(t, 'Reply', 'to unknown request');
    t.add('reply', t.at);
  } else if (code === 0) {
    const error = t.u8(t.at + 1);
    say(t, 'Error', ERRORS[error] ?? `<Unknown errorcode ${error}>`);
    t.add('errorcode', t.at + 1);
  } else {
    say(t, 'Event', EVENTS[code & 0x7f] ?? `<Unknown eventcode ${code}>`);
    t.put('eventcode', code & 0x7f, t.at, 1);
  }
}
