/** `nagare setup-capture --install`, really run: who is in the group captures without being root, who is not is told so. */

import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CAPTURE_GROUP, INSTALLED_HELPER } from '../../engine/host/capture/install-helper.ts';
import { loadCapture } from '../support/load-capture.ts';
import { missing } from './network.ts';
import { machineLacks, PrivateMachine, type Said } from './private-machine.ts';

const CLI = resolve('cli/nagare.mjs');
const BUILT = ['build/cli/main.js', 'build/native/nagare-capture'];
const MEMBER = 'nagare-member';
const OTHER = 'nagare-other';
const PORT = 47_999;
/** Datagrams, until it is ended. */
const SENDER = `const s = require("node:dgram").createSocket("udp4"); setInterval(() => s.send("x", ${PORT}, "127.0.0.1"), 100);`;

function findLacking(): string | null {
  if (missing !== null) return missing;
  for (const built of BUILT) if (!existsSync(built)) return built;
  return machineLacks();
}
const lacks = findLacking();

describe.skipIf(lacks !== null)(`installing the capture helper (needs ${lacks ?? 'nothing more'})`, () => {
  let machine: PrivateMachine;

  const nagare = (user: string | null, ...args: readonly string[]): Said =>
    machine.run(
      user,
      { NAGARE_CONFIG_DIR: join(machine.folder, user ?? 'root'), LANG: 'en_US.UTF-8' },
      process.execPath,
      CLI,
      ...args,
    );
  const file = (user: string): string => join(machine.folder, user, 'out.pcapng');
  /** Captures what is sent over the loopback interface meanwhile. */
  const capture = (user: string): Said =>
    machine.run(
      null,
      {},
      'sh',
      '-c',
      `${process.execPath} -e '${SENDER}' & setpriv --reuid ${user} --regid ${user} --init-groups -- ` +
        `env NAGARE_CONFIG_DIR=${join(machine.folder, user)} LANG=en_US.UTF-8 ${process.execPath} ${CLI} ` +
        `capture -q -i lo -c 4 -a duration:20 -f "udp port ${PORT}" -w ${file(user)}; code=$?; kill $!; exit $code`,
    );

  beforeAll(async () => {
    machine = await PrivateMachine.start();
    chmodSync(machine.folder, 0o755);
    for (const user of [MEMBER, OTHER]) {
      machine.must('useradd', '--no-create-home', '--shell', '/bin/sh', '--user-group', user);
      mkdirSync(join(machine.folder, user));
      machine.must('chown', user, join(machine.folder, user));
    }
  });

  afterAll(async () => {
    await machine.close();
  });

  test('without it, a user is told which right is missing and how to get it', () => {
    const { code, out } = capture(MEMBER);
    expect(code).toBe(1);
    expect(out).toContain('The right to capture is missing');
    expect(out).toContain('nagare setup-capture');
    const list = nagare(MEMBER, 'interfaces').out;
    expect(list).toContain('The right to capture is missing');
    expect(list).not.toContain('is not built');
  });

  test('it says what it would do, and does it when asked', () => {
    const said = nagare(null, 'setup-capture', '--user', MEMBER);
    expect(said.out).toContain(`sudo setcap cap_net_raw,cap_net_admin=ep ${INSTALLED_HELPER}`);
    expect(machine.run(null, {}, 'test', '-e', INSTALLED_HELPER).code).toBe(1);
    const done = nagare(null, 'setup-capture', '--install', '--user', MEMBER);
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining('Installed.') as string });
    expect(machine.run(null, {}, 'stat', '-c', '%U %G %a', INSTALLED_HELPER).out.trim()).toBe(
      `root ${CAPTURE_GROUP} 750`,
    );
    expect(machine.run(null, {}, 'getcap', INSTALLED_HELPER).out).toMatch(/cap_net_admin,cap_net_raw=ep/);
  });

  test('a member of the group captures', () => {
    const { code, out } = capture(MEMBER);
    expect(out).toMatch(/^\d+ packets captured$/m);
    expect(code).toBe(0);
    expect(loadCapture(readFileSync(file(MEMBER))).table.count).toBe(4);
  });

  test('another user does not, and is told of the group', () => {
    const { code, out } = capture(OTHER);
    expect(code).toBe(1);
    expect(out).toContain(`for members of the group ${CAPTURE_GROUP} only`);
    expect(existsSync(file(OTHER))).toBe(false);
    expect(machine.run(OTHER, {}, 'sh', '-c', `${INSTALLED_HELPER} interfaces`).code).toBe(126);
  });

  test('it goes away again', () => {
    expect(nagare(null, 'setup-capture', '--uninstall')).toMatchObject({ code: 0 });
    expect(machine.run(null, {}, 'test', '-e', INSTALLED_HELPER).code).toBe(1);
    expect(machine.run(null, {}, 'getent', 'group', CAPTURE_GROUP).code).not.toBe(0);
    expect(nagare(null, 'setup-capture', '--uninstall').out).toContain('Nothing is installed');
  });

  test('the machine itself is as it was', () => {
    expect(existsSync(INSTALLED_HELPER)).toBe(false);
    expect(readFileSync('/etc/passwd', 'utf8')).not.toContain(MEMBER);
  });
});
