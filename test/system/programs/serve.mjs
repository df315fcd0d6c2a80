/** An HTTP and a DNS server for the tests of live capture; `serve.mjs ADDRESS`. Prints a line when both listen. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import process from 'node:process';

const HEADER = 12;
const ANSWER = [0xc0, HEADER, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 51, 100, 7];
const address = process.argv[2];

/** Page N has N times a hundred bytes. */
const web = createServer((request, response) => {
  const size = Number(/^\/(\d+)$/.exec(request.url ?? '')?.[1] ?? 0) * 100;
  response.writeHead(size > 0 ? 200 : 404, { 'Content-Type': 'text/plain' });
  response.end('x'.repeat(size));
});

/** Every name has the address 198.51.100.7 (RFC 1035 4.1): the question comes back with one answer. */
const names = createSocket('udp4');
names.on('message', (question, from) => {
  const answer = Buffer.concat([question, Buffer.from(ANSWER)]);
  answer.writeUInt16BE(0x8180, 2);
  answer.writeUInt16BE(1, 6);
  names.send(answer, from.port, from.address);
});

web.listen(80, address, () => {
  names.bind(53, address, () => process.stdout.write('listening\n'));
});
