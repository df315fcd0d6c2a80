/**
 * Both ends of a TCP connection that does as it is told. `peers.mjs serve ADDRESS PORT` answers a line `get BYTES WAIT` with so
 * many bytes, so many milliseconds later, and `put BYTES` and so many bytes with a line. `peers.mjs ask ADDRESS PORT STEP...`
 * takes its steps on one connection: `get:BYTES[:WAIT]`, `put:BYTES`, `pause:MS`, `stall:BYTES:MS` (gets them, but does not read
 * for so long), and prints how many bytes it got.
 */
import { randomBytes } from 'node:crypto';
import { connect, createServer } from 'node:net';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

const PIECE = randomBytes(1 << 16);
const [role, address, port, ...steps] = process.argv.slice(2);

/** Writes so many bytes, no faster than the connection takes them. */
async function send(socket, bytes) {
  for (let left = bytes; left > 0; left -= PIECE.length) {
    if (!socket.write(left < PIECE.length ? PIECE.subarray(0, left) : PIECE))
      await new Promise((resolve) => socket.once('drain', resolve));
  }
}

/** Reads a stream by lines and by numbers of bytes. */
class Input {
  constructor(socket) {
    this.pieces = socket[Symbol.asyncIterator]();
    this.rest = Buffer.alloc(0);
  }

  async more() {
    const { value, done } = await this.pieces.next();
    if (!done) this.rest = this.rest.length === 0 ? value : Buffer.concat([this.rest, value]);
    return !done;
  }

  /** null: the other side has ended. */
  async line() {
    for (;;) {
      const end = this.rest.indexOf(10);
      if (end >= 0) {
        const text = this.rest.toString('latin1', 0, end);
        this.rest = this.rest.subarray(end + 1);
        return text;
      }
      if (!(await this.more())) return null;
    }
  }

  async take(bytes) {
    let left = bytes;
    for (;;) {
      const got = Math.min(left, this.rest.length);
      this.rest = this.rest.subarray(got);
      left -= got;
      if (left === 0) return;
      if (!(await this.more())) throw new Error(`${left} bytes did not come`);
    }
  }
}

async function serve(socket) {
  const input = new Input(socket);
  for (let line = await input.line(); line !== null; line = await input.line()) {
    const [what, bytes, wait = '0'] = line.split(' ');
    if (what === 'put') {
      await input.take(Number(bytes));
      socket.write('done\n');
      continue;
    }
    await pause(Number(wait));
    await send(socket, Number(bytes));
  }
  socket.end();
}

async function ask(socket) {
  const input = new Input(socket);
  let got = 0;
  for (const step of steps) {
    const [what, first, second = '0'] = step.split(':');
    if (what === 'pause') {
      await pause(Number(first));
      continue;
    }
    socket.write(`${what === 'stall' ? 'get' : what} ${first} ${what === 'get' ? second : '0'}\n`);
    if (what === 'put') {
      await send(socket, Number(first));
      await input.line();
      continue;
    }
    if (what === 'stall') await pause(Number(second));
    await input.take(Number(first));
    got += Number(first);
  }
  socket.end();
  process.stdout.write(`${got}\n`);
}

if (role === 'serve')
  createServer({ allowHalfOpen: true, noDelay: true }, (socket) => void serve(socket)).listen(
    Number(port),
    address,
    () => process.stdout.write('listening\n'),
  );
else {
  const socket = connect({ host: address, port: Number(port), noDelay: true });
  socket.once('connect', () => void ask(socket));
}
