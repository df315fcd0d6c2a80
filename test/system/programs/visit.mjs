/** A client of serve.mjs: `visit.mjs ADDRESS COUNT` looks up so many names, fetches so many pages, prints what came. */
import { Resolver } from 'node:dns/promises';
import process from 'node:process';

const [address, count] = [process.argv[2], Number(process.argv[3])];
const resolver = new Resolver();
resolver.setServers([`${address}:53`]);
let answers = 0;
let bytes = 0;
for (let i = 1; i <= count; i++) {
  const found = await resolver.resolve4(`host${i}.example`);
  if (found[0] === '198.51.100.7') answers++;
  const response = await fetch(`http://${address}/${i}`);
  bytes += (await response.text()).length;
}
process.stdout.write(`${answers} ${bytes}\n`);
