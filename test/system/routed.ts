/** A client and a server with a third machine between them: a router that may translate addresses, or a long wire. */
import { program, said } from './network.ts';
import { compiled, Spaces } from './spaces.ts';

export const CLIENT = { space: 'client', card: 'cli0', address: '192.0.2.10' } as const;
export const SERVER = { space: 'server', card: 'srv0', address: '198.51.100.20' } as const;
/** Cards of the machine between, towards the client and towards the server. */
export const NEAR = { space: 'middle', card: 'near0', address: '192.0.2.1' } as const;
export const FAR = { space: 'middle', card: 'far0', address: '198.51.100.1' } as const;
const PORT = '8080';

/** How the kernel sends where the machine does not say otherwise: the same everywhere. */
const CONTROL =
  'f=/proc/sys/net/ipv4/tcp_congestion_control; grep -q cubic /proc/sys/net/ipv4/tcp_available_congestion_control && echo cubic >$f';

export class Routed extends Spaces {
  constructor() {
    super(CLIENT.space, NEAR.space, SERVER.space);
    this.cable(CLIENT, NEAR);
    this.cable(FAR, SERVER);
    this.run(CLIENT.space, 'ip', 'route', 'add', 'default', 'via', NEAR.address);
    this.run(SERVER.space, 'ip', 'route', 'add', 'default', 'via', FAR.address);
    this.run(NEAR.space, 'sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward');
    for (const { space } of [CLIENT, SERVER]) this.can(space, 'sh', '-c', CONTROL);
  }

  /** The server sees the router's address, and ports of its choice. */
  translate(): boolean {
    return this.can(NEAR.space, 'iptables', '-t', 'nat', '-A', 'POSTROUTING', '-o', FAR.card, '-j', 'MASQUERADE');
  }

  /** Drops this share of the packets with data that go out by a card; `name` finds them again. */
  lose(card: string, share: number): boolean {
    const data = ['-o', card, '-p', 'tcp', '-m', 'length', '--length', '100:65535'];
    const some = ['-m', 'statistic', '--mode', 'random', '--probability', String(share)];
    return this.can(NEAR.space, 'iptables', '-A', 'FORWARD', ...data, ...some, '-j', 'DROP');
  }

  /** What was dropped of what goes out by a card: packets, and bytes of IP. */
  lost(card: string): { readonly packets: number; readonly bytes: number } {
    const listed = this.run(NEAR.space, 'iptables', '-L', 'FORWARD', '-v', '-x', '-n');
    const rule = listed.split('\n').find((line) => line.includes('DROP') && line.includes(` ${card} `));
    const [packets = Number.NaN, bytes = Number.NaN] = (rule ?? '').trim().split(/\s+/).map(Number);
    return { packets, bytes };
  }

  async serve(): Promise<void> {
    const server = this.start(SERVER.space, process.execPath, program('peers.mjs'), 'serve', SERVER.address, PORT);
    await said(server, 'stdout', 'listening');
  }

  /** Takes steps on one connection (programs/peers.mjs). */
  ask(...steps: string[]): Promise<string> {
    return this.finish(CLIENT.space, process.execPath, program('peers.mjs'), 'ask', SERVER.address, PORT, ...steps);
  }
}

/** The same two machines with a wire between them that takes `delayUs` each way, and no router: cards cut nothing. */
export class Wired extends Spaces {
  constructor() {
    super(CLIENT.space, NEAR.space, SERVER.space);
    this.cable({ ...CLIENT, address: '203.0.113.10' }, { ...NEAR, address: '' });
    this.cable({ ...FAR, address: '' }, { ...SERVER, address: WIRED_SERVER });
    for (const { space, card } of [CLIENT, NEAR, FAR, SERVER]) this.offload(space, card, 'off');
    for (const { space } of [CLIENT, SERVER]) this.can(space, 'sh', '-c', CONTROL);
  }

  /** `nth`: of the segments with data to the client, every so many is lost inside the wire; 0: none. */
  async connect(delayUs: number, nth = 0): Promise<void> {
    const wire = this.start(NEAR.space, compiled('wire'), NEAR.card, FAR.card, String(delayUs), String(nth));
    await said(wire, 'stdout', 'connected');
  }

  async serve(): Promise<void> {
    const server = this.start(SERVER.space, process.execPath, program('peers.mjs'), 'serve', WIRED_SERVER, PORT);
    await said(server, 'stdout', 'listening');
  }

  ask(...steps: string[]): Promise<string> {
    return this.finish(CLIENT.space, process.execPath, program('peers.mjs'), 'ask', WIRED_SERVER, PORT, ...steps);
  }
}

const WIRED_SERVER = '203.0.113.20';
