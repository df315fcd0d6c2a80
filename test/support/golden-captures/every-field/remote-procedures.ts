/** DCE/RPC over UDP (C706 12.5.2): a call of each interface that other captures do not have, towers of the endpoint mapper, refusals. */

import { type BytesLike, hex, ipAddress, join, latin1, u16, u16le, u32le, zeros } from '../../build-bytes.ts';
import type { Layer } from '../../build-packet.ts';
import { ask, conversations, ethernetFrames, type GoldenGroup } from '../capture.ts';
import { client, over, server } from './turns.ts';

/** UUID and major version of an interface. */
const INTERFACES: readonly (readonly [uuid: string, version: number])[] = [
  ['4b324fc8-1670-01d3-1278-5a47bf6ee188', 3], // srvsvc
  ['12345778-1234-abcd-ef00-0123456789ab', 0], // lsarpc
  ['12345678-1234-abcd-ef00-01234567cffb', 1], // netlogon
  ['338cd001-2244-31f1-aaaa-900038001003', 1], // winreg
  ['367abb81-9844-35f1-ad32-98f038001003', 2], // svcctl
  ['6bffd098-a112-3610-9833-46c3f87e345a', 1], // wkssvc
  ['12345678-1234-abcd-ef00-0123456789ab', 1], // spoolss
  ['e3514235-4b06-11d1-ab04-00c04fc2dcd2', 4], // drsuapi
  ['1ff70682-0a51-30e8-076d-740be8cee98b', 1], // atsvc
  ['82273fdc-e32a-18c3-3f78-827929dc23ea', 0], // eventlog
  ['4fc742e0-4a10-11cf-8273-00aa004ae673', 3], // netdfs
  ['c681d488-d850-11d0-8c52-00c04fd90f7e', 1], // efs
  ['99fcfec4-5260-101b-bbcb-00aa0021347a', 0], // oxid
  ['000001a0-0000-0000-c000-000000000046', 0], // isystemactivator
  ['00000131-0000-0000-c000-000000000046', 0], // remunk
  ['afa8bd80-7d8a-11c9-bef4-08002b102989', 1], // mgmt
  ['3919286a-b10c-11d0-9ba8-00c04fd92ef5', 0], // dssetup
  ['6bffd098-a112-3610-9833-012892020162', 0], // rpc_browser
  ['5a7b91f8-ff00-11d0-a9b2-00c04fb6e6fc', 1], // messenger
  ['894de0c0-0d55-11d3-a322-00c04fa321a1', 1], // initshutdown
  ['86d35949-83c9-4044-b424-db363231fd0c', 1], // taskschedulerservice
  ['ccd8c074-d0e5-4a40-92b4-d074faa6ba28', 1], // witness
  ['a4f1db00-ca47-1067-b31f-00dd010662da', 0], // mapi
  ['1544f5e0-613c-11d1-93df-00c04fd7bd09', 1], // rfr
  ['f5cc5a18-4264-101a-8c59-08002b2f8426', 56], // nspi
  ['50abc2a4-574d-40b3-9d66-ee4fd5fba076', 5], // dnsserver
  ['f5cc59b4-4264-101a-8c59-08002b2f8426', 1], // frsrpc
  ['897e2e5f-93f3-4376-9c9c-fd2277495c27', 1], // frstrans
  ['8d9f4e40-a03d-11ce-8f69-08003e30051b', 1], // pnp
  ['b97db8b2-4c63-11cf-bff6-08002be23f2f', 3], // clusapi
  ['8f09f000-b7ed-11ce-bbd2-00001a181cad', 0], // rras
  ['76f03f96-cdfd-44fc-a22c-64950a001209', 1], // iremotewinspool
];
const EPM = 'e1af8308-5d1f-11c9-91a4-08002b14a0fa';
const NDR = '8a885d04-1ceb-11c9-9fe8-08002b104860';
const SRVSVC = '4b324fc8-1670-01d3-1278-5a47bf6ee188';

/** A UUID as little-endian messages have it. */
function uuid(text: string): Uint8Array {
  const bytes = hex(text);
  return join(bytes.slice(0, 4).reverse(), bytes.slice(4, 6).reverse(), bytes.slice(6, 8).reverse(), bytes.slice(8));
}

let sequence = 0;

/** A request without a connection. */
function call(interfaceId: string, version: number, operation: number, stub: BytesLike): Layer {
  return ask(
    135,
    join(
      [4, 0, 0x20, 0, 0x10, 0, 0, 0],
      zeros(16),
      uuid(interfaceId),
      uuid('00112233-4455-6677-8899-aabbccddeeff'),
      u32le(0),
      u32le(version),
      u32le(sequence++),
      u16le(operation),
      u16le(0xffff),
      u16le(0xffff),
      u16le(stub.length),
      u16le(0),
      [0, 0],
      stub,
    ),
  );
}

function floor(protocol: BytesLike, value: BytesLike): Uint8Array {
  return join(u16le(protocol.length), protocol, u16le(value.length), value);
}

/** The map request (opnum 3): object, tower, entry handle, how many towers are wanted. */
function mapRequest(...floors: readonly Uint8Array[]): Layer {
  const tower = join(
    u16le(2 + floors.length),
    floor(join([0x0d], uuid(SRVSVC), u16le(3)), u16le(0)),
    floor(join([0x0d], uuid(NDR), u16le(2)), u16le(0)),
    ...floors,
  );
  const padding = zeros((4 - (tower.length % 4)) % 4);
  return call(
    EPM,
    3,
    3,
    join(u32le(1), zeros(16), u32le(2), u32le(tower.length), u32le(tower.length), tower, padding, zeros(20), u32le(4)),
  );
}

const address = floor([9], ipAddress('192.0.2.9'));
const towers = ethernetFrames(
  mapRequest(floor([0x0b], u16le(0)), floor([0x08], u16(135)), address),
  mapRequest(floor([0x0b], u16le(0)), floor([0x0f], latin1('\\PIPE\\srvsvc\0')), floor([0x11], latin1('FILES\0'))),
  mapRequest(floor([0x0b], u16le(0)), floor([0x1f], u16(593)), address),
);

function connected(type: number, body: Uint8Array): Uint8Array {
  return join([5, 0, type, 3], hex('10000000'), u16le(16 + body.length), u16le(0), u32le(2), body);
}

const bind = connected(
  11,
  join(u16le(4280), u16le(4280), u32le(0), [1, 0, 0, 0], u16le(0), [1, 0], uuid(SRVSVC), u32le(3), uuid(NDR), u32le(2)),
);
const refusals = conversations(
  over(135, [client(bind), server(connected(13, join(u16le(4), [1, 5, 0])))]),
  over(
    135,
    [
      client(bind),
      server(
        connected(
          12,
          join(
            u16le(4280),
            u16le(4280),
            u32le(1),
            u16le(4),
            latin1('135\0'),
            [0, 0],
            [1, 0, 0, 0],
            u16le(2),
            u16le(1),
            zeros(20),
          ),
        ),
      ),
    ],
    40_002,
  ),
);

export const remoteProcedureGroup: GoldenGroup = {
  name: 'remote-procedures',
  captures: {
    interfaces: ethernetFrames(...INTERFACES.map(([id, version]) => call(id, version, 0, zeros(4)))),
    refusals,
    towers,
  },
};
