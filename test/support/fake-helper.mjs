#!/usr/bin/env node
/**
 * A capture helper without a network: the command line and JSON lines of native/README.md, packets by the clock. What it
 * does is in the name of the interface: `fake`, `gone` (goes away after 50 packets), `full` (no disk after 50), `fast`
 * (1000 packets every 10 ms), `locked` (no right).
 */

import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const [command, ...rest] = process.argv.slice(2);

const LINK = { number: 1, name: 'EN10MB', description: 'Ethernet' };
const NAMES = ['fake', 'gone', 'full', 'fast', 'locked'];

function interfaces() {
  say({
    event: 'interfaces',
    version: '0.1.0',
    library: 'no library',
    interfaces: NAMES.map((name) => ({
      name,
      friendlyName: null,
      description: 'made up',
      hardwareAddress: null,
      addresses: [{ address: '192.0.2.1', prefix: 24 }],
      linkTypes: [LINK],
      timestampTypes: [],
      up: true,
      running: true,
      connected: true,
      loopback: false,
      wireless: false,
      canMonitor: false,
      error: null,
    })),
  });
}

function counts() {
  let packets = 0;
  const tell = () => {
    packets += 10;
    const sent = { sentPackets: 0, sentBytes: 0, sentDropped: 0, sentErrors: 0 };
    const one = { receivedPackets: packets, receivedBytes: packets * 60, receivedDropped: 0, receivedErrors: 0 };
    say({ event: 'interface-counts', timeMs: Date.now(), interfaces: [{ name: 'fake', ...one, ...sent }] });
  };
  tell();
  const timer = setInterval(tell, 1000);
  process.stdin.on('end', () => clearInterval(timer)).resume();
}

function checkFilter() {
  const expression = rest.at(-1);
  const at = expression.indexOf('bad');
  if (at < 0) return say({ event: 'filter', ok: true, instructions: 1 });
  say({ event: 'filter', ok: false, message: 'syntax error', at, end: at + 3 });
  process.exitCode = 6;
}

const pad = (bytes) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);

function block(type, body) {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(body.length + 12, 4);
  return Buffer.concat([head, body, head.subarray(4)]);
}

function option(code, value) {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(code, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, pad(value)]);
}

const END = Buffer.alloc(4);

function fileHead(name) {
  const section = Buffer.from('4d3c2b1a01000000ffffffffffffffff', 'hex');
  const described = Buffer.from('0100000000000000', 'hex');
  const options = [option(2, Buffer.from(name)), option(9, Buffer.from([9])), END];
  return Buffer.concat([block(0x0a0d0d0a, section), block(1, Buffer.concat([described, ...options]))]);
}

/** UDP from 192.0.2.1 to 198.51.100.1; the source port turns over `flows`, the last bytes are the packet's number. */
function packet(number, flows) {
  const frame = Buffer.from(
    `0200000000010200000000020800${'4500002400000000401100 00c0000201c6336401'.replace(' ', '')}${'0000003500100000'}${'00'.repeat(8)}`,
    'hex',
  );
  frame.writeUInt16BE(1024 + (number % flows), 34);
  frame.writeUInt32BE(number, frame.length - 4);
  const head = Buffer.alloc(20);
  const time = process.hrtime.bigint() - START + EPOCH;
  head.writeUInt32LE(Number(time >> 32n), 4);
  head.writeUInt32LE(Number(time & 0xffffffffn), 8);
  head.writeUInt32LE(frame.length, 12);
  head.writeUInt32LE(frame.length, 16);
  return block(6, Buffer.concat([head, pad(frame)]));
}

const START = process.hrtime.bigint();
const EPOCH = BigInt(Date.now()) * 1_000_000n;

function statistics(captured, dropped) {
  const figures = (code, value) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return option(code, bytes);
  };
  return block(5, Buffer.concat([Buffer.alloc(12), figures(6, captured + dropped), figures(7, dropped), END]));
}

function capture() {
  const { values } = parseArgs({
    args: rest,
    options: Object.fromEntries(
      [
        ...['interface', 'write', 'filter', 'snap-length', 'timestamp-precision', 'buffer', 'direction'],
        ...['stop-packets', 'stop-seconds', 'stop-bytes', 'stop-files'],
        ...['file-packets', 'file-bytes', 'file-seconds', 'file-interval', 'ring-files'],
      ].map((name) => [name, { type: 'string' }]),
    ),
  });
  const name = values.interface;
  const refuse = (code, message, exit) => {
    say({ event: 'error', code, message, interface: name, fatal: true });
    process.exitCode = exit;
  };
  if (!NAMES.includes(name)) return refuse('no-device', `no device ${name}`, 5);
  if (name === 'locked') return refuse('permission', 'operation not permitted', 4);
  if (values.filter?.includes('bad')) return refuse('filter', 'syntax error', 6);

  const perFile = Number(values['file-packets'] ?? 0);
  const keep = Number(values['ring-files'] ?? 0);
  const limit = Number(values['stop-packets'] ?? Number.POSITIVE_INFINITY);
  const isRing = perFile > 0 || values['file-seconds'] !== undefined || values['file-interval'] !== undefined;
  const files = [];
  let made = 0;
  let fd = -1;
  let path = '';
  let inFile = 0;
  let captured = 0;
  let bytes = 0;
  const put = (piece) => {
    writeSync(fd, piece);
    bytes += piece.length;
  };
  const open = () => {
    made++;
    path = isRing
      ? values.write.replace(/(\.[^.]*)?$/, (end) => `_${String(made).padStart(5, '0')}${end}`)
      : values.write;
    fd = openSync(path, 'w', 0o600);
    inFile = 0;
    put(fileHead(name));
    files.push(path);
    say({ event: 'file', action: 'opened', path, number: made });
    while (keep > 0 && files.length > keep) {
      const oldest = files.shift();
      rmSync(oldest);
      say({ event: 'file', action: 'removed', path: oldest, number: made - keep });
    }
  };
  const close = () => {
    put(statistics(captured, 3));
    closeSync(fd);
    say({ event: 'file', action: 'closed', path, number: made, bytes, packets: inFile });
  };
  const tell = (event, more = {}) =>
    say({ event, captured, received: captured + 3, droppedByKernel: 3, droppedByInterface: null, bytes, ...more });
  const finish = (reason) => {
    clearInterval(timer);
    close();
    tell('stopped', { reason, files: made });
    process.stdin.destroy();
  };

  say({ event: 'started', version: '0.1.0', interfaces: [] });
  open();
  const step = name === 'fast' ? 1000 : 10;
  const timer = setInterval(() => {
    const batch = [];
    for (let i = 0; i < step && captured < limit; i++) {
      batch.push(packet(captured++, name === 'fast' ? 50_000 : 5));
      inFile++;
      if (perFile > 0 && inFile >= perFile) {
        put(Buffer.concat(batch.splice(0)));
        close();
        open();
      }
    }
    put(Buffer.concat(batch));
    tell('counts');
    if (captured >= limit) return finish('packets');
    if (captured >= 50 && (name === 'gone' || name === 'full')) {
      const code = name === 'gone' ? 'device-gone' : 'disk-full';
      say({ event: 'error', code, message: 'made up', interface: name, path, fatal: true });
      finish('error');
      process.exitCode = 8;
    }
  }, 10);
  let typed = '';
  process.stdin.on('data', (piece) => {
    typed += piece;
    if (typed.includes('stop\n')) finish('asked');
    else if (typed.includes('rotate\n')) {
      typed = '';
      close();
      open();
    }
  });
  process.stdin.on('end', () => finish('input-closed'));
}

const commands = { interfaces, counts, 'check-filter': checkFilter, capture };
commands[command]?.();
