/**
 * A TCP conversation with known truth: two simulated hosts (RFC 9293, SACK of RFC 2018 and 6675, tail loss probe of RFC
 * 8985 7) exchange the given data over a path with a round trip and losses, and a capture point on the path sees it.
 * What a host does about a loss follows from where the loss is; each captured packet says why it was sent.
 */

import { ipAddress, join, type Random, seededRandom } from './build-bytes.ts';
import { ethernet } from './build-link.ts';
import { ipv4, ipv6, type Layer, synOptions, type TcpFlag, tcp, tcpOption } from './build-packet.ts';

export type Side = 'client' | 'server';

/** One message of an exchange. */
export interface Turn {
  readonly from: Side;
  /** Nothing: a keep-alive. */
  readonly data: Uint8Array;
  /** How long the sender thinks before it sends, once it has everything sent before by the other side. */
  readonly thinkNs?: number;
}

export interface HostFields {
  readonly mac?: string;
  readonly ip: string;
  readonly port: number;
  readonly mss?: number;
  /** Receive buffer in bytes. */
  readonly buffer?: number;
  /** Left out: 7; null: the host does not know the option. */
  readonly windowScale?: number | null;
  readonly timestamps?: boolean;
  readonly sack?: boolean;
  readonly ttl?: number;
  readonly tos?: number;
  /** Initial sequence number. */
  readonly isn?: number;
  readonly tailLossProbe?: boolean;
  readonly delayedAckNs?: number;
  /** The program stops reading after so many bytes for so long; the window closes meanwhile. */
  readonly stall?: { readonly afterBytes: number; readonly forNs: number };
}

export type SegmentKind = 'syn' | 'syn-ack' | 'ack' | 'data' | 'fin' | 'rst' | 'probe' | 'keep-alive';

/** Why a packet was sent: `first` unless it repeats something. */
export type Cause = 'first' | 'fast' | 'timeout' | 'tail-loss' | 'probe' | 'copy';

/** What is known about a packet when its fate is asked for. */
export interface Segment {
  readonly from: Side;
  readonly kind: SegmentKind;
  readonly cause: Cause;
  /** Counts the packets of this kind from this side, from 0; for data: the segments of the stream, resent or not. */
  readonly index: number;
  /** 0 for the first transmission. */
  readonly attempt: number;
  readonly length: number;
  /** Offset in the sender's stream. */
  readonly offset: number;
}

/** What the network does to a packet. */
export interface Fate {
  /** Lost on the way to the capture point, or after it. */
  readonly lost?: 'before' | 'after';
  /** Held up before the capture point. */
  readonly delayNs?: number;
  /** Seen again so much later, as on a mirror of both directions. */
  readonly copyAfterNs?: number;
}

export interface TcpPacket {
  /** Nanoseconds after the capture's start, at the capture point. */
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly from: Side;
  readonly kind: SegmentKind;
  readonly cause: Cause;
  /** Resent although the other host had it already. */
  readonly needless: boolean;
  /** Where the TCP payload starts in `bytes`; the payload runs to the end. */
  readonly payloadLength: number;
}

export interface TcpConversationFields {
  readonly client: HostFields;
  readonly server: HostFields;
  /** When the client sends its first SYN, in nanoseconds after the capture's start. */
  readonly start?: number;
  readonly rttNs: number;
  /** 0: at the client, 1: at the server. */
  readonly capturePoint?: number;
  readonly rateBps?: number;
  readonly jitterNs?: number;
  readonly turns?: readonly Turn[];
  readonly close?: { readonly by: Side; readonly how: 'fin' | 'rst' | 'none'; readonly afterNs?: number };
  /** The server answers the SYN with a reset, or not at all. */
  readonly refuse?: 'rst' | 'silence';
  readonly fate?: (segment: Segment) => Fate | undefined;
  /** Puts a link layer (and tunnels) around an IP packet. */
  readonly frame?: (from: Side, packet: Layer) => Uint8Array;
  readonly random?: Random;
}

const MS = 1_000_000;
const DUPLICATE_ACKS = 3;
const INITIAL_WINDOW = 10;
const MIN_RTO = 200 * MS;
const SYN_RETRIES = 6;

/** A piece of the stream as it was cut into a segment. Sequence numbers are relative: 0 is the SYN. */
interface Piece {
  readonly seq: number;
  readonly end: number;
  readonly index: number;
  readonly fin: boolean;
  attempts: number;
  sentAt: number;
  sacked: boolean;
  /** Believed lost and not resent since. */
  lost: boolean;
  /** Resent in the present recovery. */
  resent: boolean;
}

/** What travels. */
interface Message {
  readonly flags: readonly TcpFlag[];
  readonly seq: number;
  readonly end: number;
  readonly ack: number;
  readonly window: number;
  readonly sack: readonly (readonly [number, number])[];
  readonly stamp: number;
}

interface Host {
  readonly side: Side;
  readonly fields: HostFields;
  readonly stream: Uint8Array;
  readonly isn: number;
  readonly stampBase: number;
  readonly mss: number;
  ipId: number;
  established: boolean;
  closed: boolean;
  /** Bytes the program has written so far. */
  written: number;
  finAsked: boolean;
  // sender
  una: number;
  nxt: number;
  pieces: Piece[];
  nextIndex: number;
  cwnd: number;
  ssthresh: number;
  duplicates: number;
  recoveryEnd: number;
  afterTimeout: boolean;
  probed: boolean;
  srtt: number;
  rttvar: number;
  backoff: number;
  timer: number;
  timerRuns: boolean;
  peerWindow: number;
  // receiver
  rcvNxt: number;
  early: (readonly [number, number])[];
  unread: number;
  read: number;
  stalled: boolean;
  stallUsed: boolean;
  owedAcks: number;
  ackTimer: number;
  lastStamp: number;
  finReceived: boolean;
  freeAt: number;
  lastArrival: number;
  readonly counts: Map<SegmentKind, number>;
}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

class Conversation {
  readonly #fields: TcpConversationFields;
  readonly #random: Random;
  readonly #packets: TcpPacket[] = [];
  readonly #events: Event[] = [];
  readonly #client: Host;
  readonly #server: Host;
  readonly #usesStamps: boolean;
  readonly #usesSack: boolean;
  readonly #usesScale: boolean;
  #now: number;
  #order = 0;
  #turn = 0;
  /** The next turn's sender is thinking. */
  #thinking = false;
  #closing = false;

  constructor(fields: TcpConversationFields) {
    this.#fields = fields;
    this.#random = fields.random ?? seededRandom(1);
    this.#now = fields.start ?? 0;
    this.#client = this.#makeHost('client', fields.client);
    this.#server = this.#makeHost('server', fields.server);
    const both = (has: (host: HostFields) => boolean): boolean => has(fields.client) && has(fields.server);
    this.#usesStamps = both((host) => host.timestamps !== false);
    this.#usesSack = both((host) => host.sack !== false);
    this.#usesScale = both((host) => host.windowScale !== null);
  }

  run(): TcpPacket[] {
    this.#sendSyn(0);
    for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
      this.#now = event.at;
      event.run();
    }
    return this.#packets.sort((a, b) => a.at - b.at);
  }

  #makeHost(side: Side, fields: HostFields): Host {
    return {
      side,
      fields,
      stream: join(...(this.#fields.turns ?? []).filter((turn) => turn.from === side).map((turn) => turn.data)),
      isn: fields.isn ?? this.#random.u32(),
      stampBase: this.#random.u32() >>> 2,
      mss: fields.mss ?? (fields.ip.includes(':') ? 1440 : 1460),
      ipId: this.#random.int(0x10000),
      established: false,
      closed: false,
      written: 0,
      finAsked: false,
      una: 0,
      nxt: 1,
      pieces: [],
      nextIndex: 0,
      cwnd: INITIAL_WINDOW,
      ssthresh: Number.POSITIVE_INFINITY,
      duplicates: 0,
      recoveryEnd: 0,
      afterTimeout: false,
      probed: false,
      srtt: 0,
      rttvar: 0,
      backoff: 0,
      timer: 0,
      timerRuns: false,
      peerWindow: 0,
      rcvNxt: 0,
      early: [],
      unread: 0,
      read: 0,
      stalled: false,
      stallUsed: false,
      owedAcks: 0,
      ackTimer: 0,
      lastStamp: 0,
      finReceived: false,
      freeAt: 0,
      lastArrival: 0,
      counts: new Map(),
    };
  }

  #other(host: Host): Host {
    return host === this.#client ? this.#server : this.#client;
  }

  #at(delay: number, run: () => void): void {
    const event = { at: this.#now + Math.max(0, Math.round(delay)), order: this.#order++, run };
    let i = this.#events.length;
    for (let before = this.#events[i - 1]; before !== undefined && before.at > event.at; before = this.#events[i - 1])
      i--;
    this.#events.splice(i, 0, event);
  }

  // The wire

  #send(
    host: Host,
    kind: SegmentKind,
    flags: readonly TcpFlag[],
    seq: number,
    payload: Uint8Array,
    details: { readonly cause?: Cause; readonly attempt?: number; readonly index?: number } = {},
  ): void {
    const peer = this.#other(host);
    const fields = this.#fields;
    const isSyn = flags.includes('syn');
    const stamp = (host.stampBase + Math.floor(this.#now / MS)) >>> 0;
    const sack = this.#usesSack && !isSyn ? host.early.slice(-3).reverse() : [];
    const window = this.#window(host);
    const count = host.counts.get(kind) ?? 0;
    host.counts.set(kind, count + 1);
    const options = isSyn ? this.#synOptions(host, stamp) : this.#options(host, peer, stamp, sack);
    const shift = this.#usesScale && !isSyn ? (host.fields.windowScale ?? 7) : 0;
    const ackOffset = flags.includes('ack') ? host.rcvNxt : 0;
    const segment = tcp(
      {
        srcPort: host.fields.port,
        dstPort: peer.fields.port,
        seq: (host.isn + seq) >>> 0,
        ack: flags.includes('ack') ? (peer.isn + ackOffset) >>> 0 : 0,
        flags,
        window: Math.min(65_535, window >>> shift),
        options,
      },
      payload,
    );
    host.owedAcks = 0;
    host.ackTimer++;
    const bytes = this.#frame(host, peer, segment);
    const { cause = 'first', attempt = 0, index = count } = details;
    const fate =
      fields.fate?.({ from: host.side, kind, cause, index, attempt, length: payload.length, offset: seq - 1 }) ?? {};
    const end = seq + payload.length + (isSyn || flags.includes('fin') ? 1 : 0);
    this.#transmit(
      host,
      bytes,
      fate,
      {
        kind,
        cause,
        payloadLength: payload.length,
        needless: cause !== 'first' && cause !== 'probe' && end <= peer.rcvNxt,
      },
      {
        flags,
        seq,
        end,
        ack: ackOffset,
        window: Math.min(window, 65_535 * 2 ** shift),
        sack,
        stamp,
      },
    );
  }

  #transmit(
    host: Host,
    bytes: Uint8Array,
    fate: Fate,
    facts: Pick<TcpPacket, 'kind' | 'cause' | 'payloadLength' | 'needless'>,
    message: Message,
  ): void {
    const fields = this.#fields;
    const peer = this.#other(host);
    const point = fields.capturePoint ?? 0;
    const toPoint = host.side === 'client' ? point : 1 - point;
    const onWireNs = Math.round((bytes.length * 8 * 1e9) / (fields.rateBps ?? 1e9));
    const departure = Math.max(this.#now, host.freeAt);
    host.freeAt = departure + onWireNs;
    const jitter = fields.jitterNs === undefined ? 0 : this.#random.int(fields.jitterNs);
    // A path keeps the order of packets, at every point of it, unless one is held up on purpose.
    const inOrder = Math.max(departure + fields.rttNs / 2 + jitter, host.lastArrival + onWireNs);
    if (fate.delayNs === undefined) host.lastArrival = inOrder;
    const heldUp = fate.delayNs ?? 0;
    const arrival = inOrder + heldUp;
    const seen = Math.round(departure + (inOrder - departure) * toPoint + heldUp);
    if (fate.lost !== 'before') {
      this.#packets.push({ at: seen, bytes, from: host.side, ...facts });
      if (fate.copyAfterNs !== undefined) {
        this.#packets.push({ at: seen + fate.copyAfterNs, bytes, from: host.side, ...facts, cause: 'copy' });
      }
    }
    if (fate.lost === undefined) this.#at(arrival - this.#now, () => this.#receive(peer, message));
  }

  #frame(host: Host, peer: Host, segment: Layer): Uint8Array {
    const { ip: src, ttl = 64, tos = 0 } = host.fields;
    const dst = peer.fields.ip;
    const packet = src.includes(':')
      ? ipv6({ src, dst, hopLimit: ttl, trafficClass: tos, flowLabel: host.isn & 0xfffff }, segment)
      : ipv4({ src, dst, ttl, tos, id: host.ipId++ & 0xffff, dontFragment: true }, segment);
    if (this.#fields.frame !== undefined) return this.#fields.frame(host.side, packet);
    const mac = (one: Host): string => one.fields.mac ?? macOf(one.fields.ip);
    return ethernet({ src: mac(host), dst: mac(peer) }, packet).bytes();
  }

  #synOptions(host: Host, stamp: number): Uint8Array {
    const isReply = host.side === 'server';
    const { fields, mss, lastStamp } = host;
    const scale = isReply ? this.#usesScale : fields.windowScale !== null;
    const stamps = isReply ? this.#usesStamps : fields.timestamps !== false;
    return synOptions({
      mss,
      sack: isReply ? this.#usesSack : fields.sack !== false,
      ...(scale ? { windowScale: fields.windowScale ?? 7 } : {}),
      ...(stamps ? { timestamps: [stamp, lastStamp] as const } : {}),
    });
  }

  #options(host: Host, peer: Host, stamp: number, sack: Message['sack']): Uint8Array {
    const nop = tcpOption.noOperation();
    const ranges = sack.map(([left, right]) => [(peer.isn + left) >>> 0, (peer.isn + right) >>> 0] as const);
    return join(
      this.#usesStamps ? join(nop, nop, tcpOption.timestamps(stamp, host.lastStamp)) : [],
      ranges.length > 0 ? join(nop, nop, tcpOption.sack(...ranges)) : [],
    );
  }

  /** Payload room of a segment: the smaller MSS, less the options. */
  #room(host: Host): number {
    return Math.min(host.mss, this.#other(host).mss) - (this.#usesStamps ? 12 : 0);
  }

  #window(host: Host): number {
    return Math.max(0, (host.fields.buffer ?? 64_240) - host.unread);
  }

  // Opening

  #sendSyn(attempt: number): void {
    const client = this.#client;
    if (client.established || client.closed || attempt > SYN_RETRIES) return;
    this.#send(client, 'syn', ['syn'], 0, new Uint8Array(0), { attempt, cause: attempt === 0 ? 'first' : 'timeout' });
    this.#at(1000 * MS * 2 ** attempt, () => this.#sendSyn(attempt + 1));
  }

  #sendSynAck(attempt: number): void {
    const server = this.#server;
    if (server.established || server.closed || attempt > SYN_RETRIES) return;
    this.#send(server, 'syn-ack', ['syn', 'ack'], 0, new Uint8Array(0), {
      attempt,
      cause: attempt === 0 ? 'first' : 'timeout',
    });
    this.#at(1000 * MS * 2 ** attempt, () => this.#sendSynAck(attempt + 1));
  }

  #sendAck(host: Host): void {
    this.#send(host, 'ack', ['ack'], host.nxt, new Uint8Array(0));
  }

  #sendReset(host: Host): void {
    host.closed = true;
    this.#send(host, 'rst', ['rst', 'ack'], host.established ? host.nxt : 0, new Uint8Array(0));
  }

  #receive(host: Host, message: Message): void {
    if (host.closed) return;
    if (message.flags.includes('rst')) {
      host.closed = true;
      return;
    }
    if (message.flags.includes('syn')) return this.#receiveSyn(host, message);
    if (!host.established) {
      if (host.side !== 'server' || message.ack < 1) return;
      this.#establish(host, message);
    }
    if (message.end > message.seq || message.seq < host.rcvNxt) this.#receiveData(host, message);
    this.#receiveAck(host, message);
    this.#proceed();
  }

  #receiveSyn(host: Host, message: Message): void {
    host.lastStamp = message.stamp;
    if (host.side === 'server') {
      if (host.established || this.#fields.refuse === 'silence') return;
      const isFirst = host.rcvNxt === 0;
      host.rcvNxt = 1;
      if (this.#fields.refuse === 'rst') return this.#sendReset(host);
      if (isFirst) this.#sendSynAck(0);
      else this.#send(host, 'syn-ack', ['syn', 'ack'], 0, new Uint8Array(0), { attempt: 1, cause: 'timeout' });
      return;
    }
    if (!host.established) {
      host.rcvNxt = 1;
      this.#establish(host, message);
    }
    this.#sendAck(host);
    this.#proceed();
  }

  #establish(host: Host, message: Message): void {
    host.established = true;
    host.una = 1;
    host.peerWindow = message.window;
    host.srtt = this.#fields.rttNs;
    host.rttvar = this.#fields.rttNs / 4;
    host.lastStamp = message.stamp;
  }

  // The programs on both ends

  /** Lets the next turn happen when its sender has everything it waits for; then the close. */
  #proceed(): void {
    const turns = this.#fields.turns ?? [];
    const turn = turns[this.#turn];
    if (this.#thinking) return;
    if (turn !== undefined) {
      const host = this.#hostOf(turn.from);
      const before = turns.slice(0, this.#turn).filter((other) => other.from !== turn.from);
      const awaited = before.reduce((sum, other) => sum + other.data.length, 0);
      if (!host.established || host.read < awaited) return;
      this.#turn++;
      this.#thinking = true;
      this.#at(turn.thinkNs ?? 0, () => {
        this.#thinking = false;
        if (turn.data.length === 0) this.#sendKeepAlive(host);
        host.written += turn.data.length;
        this.#push(host);
        this.#proceed();
      });
      return;
    }
    const { by = 'client', how = 'fin', afterNs = 100_000 } = this.#fields.close ?? {};
    const host = this.#hostOf(by);
    const peer = this.#other(host);
    const isDone =
      host.established &&
      host.written === host.stream.length &&
      host.una === 1 + host.stream.length &&
      host.read === peer.stream.length;
    if (how === 'none' || this.#closing || !isDone) return;
    this.#closing = true;
    this.#at(afterNs, () => {
      if (how === 'rst') return this.#sendReset(host);
      host.finAsked = true;
      this.#push(host);
    });
  }

  #hostOf(side: Side): Host {
    return side === 'client' ? this.#client : this.#server;
  }

  #sendKeepAlive(host: Host): void {
    this.#send(host, 'keep-alive', ['ack'], host.nxt - 1, new Uint8Array(0));
  }

  // Sending

  #inFlight(host: Host): number {
    return host.pieces.filter((piece) => !piece.sacked && !piece.lost).length;
  }

  /** Sends what congestion window and peer's window allow: lost pieces first, then new data, then the FIN. */
  #push(host: Host, restartTimer = false): void {
    if (host.closed || !host.established) return;
    let sentNew = false;
    for (;;) {
      if (this.#inFlight(host) >= Math.floor(host.cwnd)) break;
      const lost = host.pieces.find((piece) => piece.lost);
      if (lost !== undefined) {
        this.#resend(host, lost, host.afterTimeout ? 'timeout' : 'fast');
        continue;
      }
      if (!this.#sendNew(host)) break;
      sentNew = true;
    }
    // An acknowledgement of nothing new leaves the timer alone (RFC 6298 5).
    if (sentNew || restartTimer || !host.timerRuns) this.#armTimer(host);
  }

  #sendNew(host: Host): boolean {
    const dataEnd = 1 + host.written;
    const window = host.una + host.peerWindow - host.nxt;
    const length = Math.min(this.#room(host), dataEnd - host.nxt, window);
    const left = dataEnd - host.nxt;
    if (length <= 0) {
      const canFin = host.finAsked && left === 0 && host.nxt === 1 + host.stream.length;
      if (!canFin) return false;
      this.#firstSend(host, { seq: host.nxt, end: host.nxt + 1, fin: true });
      return true;
    }
    this.#firstSend(host, { seq: host.nxt, end: host.nxt + length, fin: false });
    return true;
  }

  #firstSend(host: Host, range: Pick<Piece, 'seq' | 'end' | 'fin'>): void {
    const piece = {
      ...range,
      index: host.nextIndex++,
      attempts: 0,
      sentAt: 0,
      sacked: false,
      lost: false,
      resent: false,
    };
    host.pieces.push(piece);
    host.nxt = piece.end;
    this.#sendPiece(host, piece, 'first');
  }

  #resend(host: Host, piece: Piece, cause: Cause): void {
    piece.lost = false;
    piece.resent = true;
    this.#sendPiece(host, piece, cause);
  }

  #sendPiece(host: Host, piece: Piece, cause: Cause): void {
    const payload = piece.fin ? new Uint8Array(0) : host.stream.slice(piece.seq - 1, piece.end - 1);
    const isLast = piece.end === 1 + host.written;
    const flags: TcpFlag[] = piece.fin ? ['fin', 'ack'] : isLast ? ['psh', 'ack'] : ['ack'];
    piece.sentAt = this.#now;
    const attempt = piece.attempts++;
    this.#send(host, piece.fin ? 'fin' : 'data', flags, piece.seq, payload, { cause, attempt, index: piece.index });
  }

  #rto(host: Host): number {
    return (host.srtt + Math.max(MIN_RTO, 4 * host.rttvar)) * 2 ** host.backoff;
  }

  #armTimer(host: Host): void {
    const id = ++host.timer;
    const start = (delay: number, run: () => void): void => {
      host.timerRuns = true;
      this.#at(delay, () => {
        if (host.timer !== id || host.closed) return;
        host.timerRuns = false;
        run();
      });
    };
    host.timerRuns = false;
    if (host.pieces.length === 0) {
      const waitsForWindow = host.peerWindow === 0 && host.nxt < 1 + host.written;
      if (waitsForWindow) start(this.#rto(host), () => this.#probeWindow(host));
      return;
    }
    const rto = this.#rto(host);
    const mayProbe =
      host.fields.tailLossProbe !== false && !host.probed && host.recoveryEnd <= host.una && host.backoff === 0;
    const single = host.pieces.length === 1;
    const pto = Math.max(2 * host.srtt, 10 * MS) + (single ? 200 * MS : 0);
    // The probe takes the timer's place, at the latest when the timer would have fired.
    if (mayProbe) start(Math.min(pto, rto), () => this.#probeTail(host));
    else start(rto, () => this.#timeout(host));
  }

  #probeTail(host: Host): void {
    const last = host.pieces.at(-1);
    if (last === undefined) return;
    host.probed = true;
    this.#sendPiece(host, last, 'tail-loss');
    this.#armTimer(host);
  }

  #timeout(host: Host): void {
    if (host.backoff > 8) {
      host.closed = true;
      return;
    }
    host.backoff++;
    host.ssthresh = Math.max(2, this.#inFlight(host) / 2);
    host.cwnd = 1;
    host.afterTimeout = true;
    host.recoveryEnd = host.nxt;
    for (const piece of host.pieces) {
      piece.lost = !piece.sacked;
      piece.resent = false;
    }
    this.#push(host);
  }

  /** A closed window is probed with one byte of what comes next. */
  #probeWindow(host: Host): void {
    host.backoff++;
    const byte = host.stream.slice(host.nxt - 1, host.nxt);
    this.#send(host, 'probe', ['ack'], host.nxt, byte, { cause: 'probe' });
    this.#armTimer(host);
  }

  #receiveAck(host: Host, message: Message): void {
    const opened = host.peerWindow === 0 && message.window > 0;
    const isDuplicate =
      message.ack === host.una &&
      host.pieces.length > 0 &&
      message.end === message.seq &&
      message.window === host.peerWindow;
    if (message.ack >= host.una) host.peerWindow = message.window;
    for (const piece of host.pieces) {
      if (message.sack.some(([left, right]) => left <= piece.seq && piece.end <= right)) {
        piece.sacked = true;
        piece.lost = false;
      }
    }
    const isNew = message.ack > host.una;
    if (isNew) this.#advance(host, message.ack);
    else if (isDuplicate) host.duplicates++;
    if (opened) host.backoff = 0;
    this.#detectLoss(host);
    this.#push(host, isNew || opened);
  }

  #advance(host: Host, ack: number): void {
    const acked = host.pieces.filter((piece) => piece.end <= ack);
    const sample = acked.filter((piece) => piece.attempts === 1).at(-1);
    if (sample !== undefined) {
      const rtt = this.#now - sample.sentAt;
      host.rttvar += (Math.abs(host.srtt - rtt) - host.rttvar) / 4;
      host.srtt += (rtt - host.srtt) / 8;
    }
    host.una = ack;
    host.pieces = host.pieces.filter((piece) => piece.end > ack);
    host.duplicates = 0;
    host.backoff = 0;
    host.probed = false;
    if (host.recoveryEnd > 0 && ack >= host.recoveryEnd) {
      host.recoveryEnd = 0;
      host.afterTimeout = false;
      host.cwnd = Math.max(host.cwnd, Math.min(host.ssthresh, INITIAL_WINDOW));
      for (const piece of host.pieces) piece.resent = false;
    } else if (host.recoveryEnd > 0) {
      // A partial acknowledgement: what comes next is missing as well (RFC 6582).
      const [head] = host.pieces;
      if (head !== undefined && !head.resent && !head.sacked && head.end <= host.recoveryEnd) head.lost = true;
      if (host.afterTimeout) host.cwnd += acked.length;
    } else {
      host.cwnd += host.cwnd < host.ssthresh ? acked.length : acked.length / host.cwnd;
    }
  }

  #detectLoss(host: Host): void {
    const sacked = host.pieces.filter((piece) => piece.sacked);
    // What was sent clearly before something that has arrived is lost too (RFC 8985 6.2); this follows up a tail probe.
    const arrivedSince = Math.max(0, ...sacked.map((piece) => piece.sentAt)) - host.srtt / 4;
    let sackedAbove = sacked.length;
    let found = false;
    host.pieces.forEach((piece, i) => {
      if (piece.sacked) {
        sackedAbove--;
        return;
      }
      const isMissing =
        sackedAbove >= DUPLICATE_ACKS ||
        (sackedAbove > 0 && piece.sentAt < arrivedSince) ||
        (i === 0 && host.duplicates >= DUPLICATE_ACKS);
      if (!isMissing || piece.lost || piece.resent) return;
      piece.lost = true;
      found = true;
    });
    if (!found || host.recoveryEnd > host.una) return;
    host.ssthresh = Math.max(2, host.pieces.length / 2);
    host.cwnd = Math.max(host.ssthresh, this.#inFlight(host) + 1);
    host.recoveryEnd = host.nxt;
    host.afterTimeout = false;
  }

  // Receiving

  #receiveData(host: Host, message: Message): void {
    const { seq, end } = message;
    const peer = this.#other(host);
    const finEnd = 2 + peer.stream.length;
    const isOld = end <= host.rcvNxt;
    const isBeyond = end - 1 > host.rcvNxt + this.#window(host) || (this.#window(host) === 0 && end > seq);
    if (isOld || isBeyond) return this.#sendAck(host);
    if (seq > host.rcvNxt) {
      host.early = mergeRanges([...host.early, [seq, end]]);
      return this.#sendAck(host);
    }
    host.lastStamp = message.stamp;
    const hadEarly = host.early.length > 0;
    const before = host.rcvNxt;
    host.rcvNxt = end;
    for (const [left, right] of host.early) if (left <= host.rcvNxt) host.rcvNxt = Math.max(host.rcvNxt, right);
    host.early = host.early.filter(([, right]) => right > host.rcvNxt);
    const hasFin = host.rcvNxt === finEnd;
    this.#deliver(host, host.rcvNxt - before - (hasFin ? 1 : 0));
    host.owedAcks++;
    if (hasFin) {
      host.finReceived = true;
      // The program closes as well, unless it still has something to say; its FIN carries the acknowledgement.
      if (host.written === host.stream.length && !host.finAsked) {
        host.finAsked = true;
        return this.#push(host);
      }
    }
    if (hadEarly || hasFin || host.owedAcks >= 2) return this.#sendAck(host);
    const id = ++host.ackTimer;
    this.#at(host.fields.delayedAckNs ?? 40 * MS, () => {
      if (host.ackTimer === id && host.owedAcks > 0 && !host.closed) this.#sendAck(host);
    });
  }

  #deliver(host: Host, bytes: number): void {
    host.unread += bytes;
    const { stall } = host.fields;
    if (stall !== undefined && !host.stallUsed && host.read + host.unread >= stall.afterBytes) {
      host.stallUsed = true;
      host.stalled = true;
      this.#at(stall.forNs, () => {
        host.stalled = false;
        this.#readAll(host);
        this.#sendAck(host);
        this.#proceed();
      });
    }
    if (!host.stalled) this.#readAll(host);
  }

  #readAll(host: Host): void {
    host.read += host.unread;
    host.unread = 0;
  }
}

function mergeRanges(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const out: [number, number][] = [];
  for (const [left, right] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last !== undefined && left <= last[1]) last[1] = Math.max(last[1], right);
    else out.push([left, right]);
  }
  return out;
}

/** A locally administered MAC address made of an IP address. */
export function macOf(ip: string): string {
  const bytes = ipAddress(ip).slice(-4);
  return ['02', '00', ...Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))].join(':');
}

export function tcpConversation(fields: TcpConversationFields): TcpPacket[] {
  return new Conversation(fields).run();
}
