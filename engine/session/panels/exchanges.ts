/** Requests and their answers, of every protocol whose response times are told, found in one pass over messages. */

import { valueName } from '../../base/fields.ts';
import { catalog } from '../../dissect/registry.ts';
import { FLAG } from '../../table/flags.ts';
import type { Capture } from '../capture.ts';
import type { ValuesOf } from './field-values.ts';

export type Service = 'dns' | 'http' | 'tls' | 'smb2' | 'mysql' | 'pgsql' | 'tds';

export interface Exchange {
  readonly service: Service;
  /** What was asked for, as people call it. */
  readonly operation: string;
  /** Finds the operation's requests. */
  readonly filter: string;
  readonly flow: number;
  readonly request: number;
  /** Row of the answer; -1: none in the packets that are counted. */
  answer: number;
  isError: boolean;
  /** Status code of an HTTP answer. */
  status?: number;
}

export const EXCHANGE_FIELDS = [
  'dns.flags.response',
  'dns.flags.rcode',
  'dns.qry.type',
  'dns.response_to',
  'dns.retransmission',
  'http.request.method',
  'http.request_in',
  'http.response.code',
  'tls.handshake.type',
  'smb2.cmd',
  'smb2.msg_id',
  'smb2.flags.response',
  'smb2.nt_status',
  'mysql.command',
  'pgsql.type',
  'pgsql.frontend',
  'tds.type',
] as const;

const HELLO = { client: 1, server: 2 } as const;
/** MS-ERREF: the answer comes later. */
const STATUS_PENDING = 0x103;
/** MS-ERREF: a step of a login, though its upper bits say error. */
const STATUS_MORE_PROCESSING = 0xc0000016;
/** COM_QUIT, COM_STMT_SEND_LONG_DATA, COM_STMT_CLOSE: nobody answers them. */
const SILENT_MYSQL: ReadonlySet<number> = new Set([1, 24, 25]);
/** Attention and what the server sends. */
const NO_TDS_REQUEST: ReadonlySet<number> = new Set([4, 6]);

/** Takes messages in order, and finds the requests and their answers. */
export class ExchangeReader {
  readonly all: Exchange[] = [];
  private readonly capture: Capture;
  /** By service and frame of the request: more than one where requests share a packet. */
  private readonly byFrame = new Map<string, Exchange[]>();
  /** By service and flow, and for SMB2 the message's number. */
  private readonly waiting = new Map<string, Exchange>();

  constructor(capture: Capture) {
    this.capture = capture;
  }

  read(row: number, values: ValuesOf): void {
    const { pass, table } = this.capture;
    // A copy asks nothing again, and what an ICMP error quotes asks nobody.
    if (pass.flowOf(row) < 0 || (table.get('flags', row) & (FLAG.copy | FLAG.more)) !== 0) return;
    this.dns(row, values);
    this.http(row, values);
    this.tls(row, values);
    this.smb2(row, values);
    const [command] = values('mysql.command');
    if (command !== undefined) {
      if (!SILENT_MYSQL.has(Number(command)))
        this.wait(row, 'mysql', nameOf('mysql.command', command), `mysql.command == ${Number(command)}`, true);
    } else if (this.isAnswered(row, 'mysql')) this.close(row, 'mysql');
    this.pgsql(row, values);
    this.tds(row, values);
  }

  private dns(row: number, values: ValuesOf): void {
    const answers = values('dns.flags.response');
    const types = values('dns.qry.type');
    if (answers.length === 0) return;
    if (Number(answers[0]) === 0) {
      if (types.length === 0 || values('dns.retransmission').length > 0) return;
      this.open(row, 'dns', nameOf('dns.qry.type', types[0]), `dns.qry.type == ${Number(types[0])}`);
      return;
    }
    const [frame] = values('dns.response_to');
    if (frame !== undefined) this.answer(row, 'dns', Number(frame), Number(values('dns.flags.rcode')[0] ?? 0) !== 0);
  }

  private http(row: number, values: ValuesOf): void {
    for (const value of values('http.request.method')) {
      const method = String(value);
      this.open(row, 'http', method, `http.request.method == ${JSON.stringify(method)}`);
    }
    const codes = values('http.response.code').map(Number);
    // A packet of several responses of which one answers nothing that was seen: nobody knows which.
    const frames = values('http.request_in');
    if (frames.length !== codes.length) return;
    frames.forEach((frame, i) => {
      if (codes[i] >= 200 || codes[i] === 101) this.answer(row, 'http', Number(frame), codes[i] >= 400, codes[i]);
    });
  }

  private tls(row: number, values: ValuesOf): void {
    const types = values('tls.handshake.type').map(Number);
    if (types.includes(HELLO.client)) this.wait(row, 'tls', 'ClientHello', 'tls.handshake.type == 1', false);
    if (types.includes(HELLO.server) && this.isAnswered(row, 'tls')) this.close(row, 'tls');
  }

  private smb2(row: number, values: ValuesOf): void {
    const commands = values('smb2.cmd');
    const numbers = values('smb2.msg_id');
    const answers = values('smb2.flags.response');
    const status = values('smb2.nt_status');
    const flow = this.capture.pass.flowOf(row);
    for (let i = 0; i < Math.min(commands.length, numbers.length, answers.length); i++) {
      const key = `smb2 ${flow} ${String(numbers[i])}`;
      if (Number(answers[i]) === 0) {
        const filter = `smb2.cmd == ${Number(commands[i])}`;
        this.waiting.set(key, this.open(row, 'smb2', nameOf('smb2.cmd', commands[i]), filter));
        continue;
      }
      const code = status.length === commands.length ? Number(status[i]) : 0;
      const asked = this.waiting.get(key);
      if (asked === undefined || code === STATUS_PENDING) continue;
      asked.answer = row;
      // The two upper bits of a status: an error.
      asked.isError = code >>> 30 === 3 && code !== STATUS_MORE_PROCESSING;
      this.waiting.delete(key);
    }
  }

  private pgsql(row: number, values: ValuesOf): void {
    const [type] = values('pgsql.type');
    if (type === undefined) return;
    if (Number(values('pgsql.frontend')[0]) === 0) {
      if (this.isAnswered(row, 'pgsql')) this.close(row, 'pgsql');
    } else if (String(type) !== 'Termination')
      this.wait(row, 'pgsql', String(type), `pgsql.type == ${JSON.stringify(String(type))}`, false);
  }

  private tds(row: number, values: ValuesOf): void {
    const [type] = values('tds.type');
    if (type === undefined) return;
    if (Number(type) === 4) {
      if (this.isAnswered(row, 'tds')) this.close(row, 'tds');
    } else if (!NO_TDS_REQUEST.has(Number(type)))
      this.wait(row, 'tds', nameOf('tds.type', type), `tds.type == ${Number(type)}`, false);
  }

  private open(row: number, service: Service, operation: string, filter: string): Exchange {
    const flow = this.capture.pass.flowOf(row);
    const one: Exchange = { service, operation, filter, flow, request: row, answer: -1, isError: false };
    this.all.push(one);
    const key = `${service} ${row + 1}`;
    const before = this.byFrame.get(key);
    if (before === undefined) this.byFrame.set(key, [one]);
    else before.push(one);
    return one;
  }

  /** The first request of that frame that has no answer yet. */
  private answer(row: number, service: Service, frame: number, isError: boolean, status?: number): void {
    const asked = this.byFrame.get(`${service} ${frame}`)?.find((one) => one.answer < 0);
    if (asked === undefined) return;
    asked.answer = row;
    asked.isError = isError;
    if (status !== undefined) asked.status = status;
  }

  /** A request on a connection where one is answered after the other; `isNew`: it ends the wait for the one before it. */
  private wait(row: number, service: Service, operation: string, filter: string, isNew: boolean): void {
    const key = `${service} ${this.capture.pass.flowOf(row)}`;
    if (isNew || !this.waiting.has(key)) this.waiting.set(key, this.open(row, service, operation, filter));
  }

  /** Does this row go the other way than a request that waits? */
  private isAnswered(row: number, service: Service): boolean {
    const { pass, table } = this.capture;
    const asked = this.waiting.get(`${service} ${pass.flowOf(row)}`);
    if (asked === undefined) return false;
    return ((table.get('flags', row) ^ table.get('flags', asked.request)) & FLAG.reverse) !== 0;
  }

  private close(row: number, service: Service): void {
    const key = `${service} ${this.capture.pass.flowOf(row)}`;
    const asked = this.waiting.get(key);
    if (asked !== undefined) asked.answer = row;
    this.waiting.delete(key);
  }
}

function nameOf(field: string, value: unknown): string {
  return valueName(catalog.get(field)?.names, Number(value)) ?? String(value);
}
