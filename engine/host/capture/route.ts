/** The host's part in live capture: one user interface's captures, each with the session that follows it. */

import { copyFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { NagareError } from '../../base/errors.ts';
import type { CallContext, EventName, Events, Input, Output, SessionState, ViewState } from '../../contract/api.ts';
import type { CaptureSettings, LiveState } from '../../contract/capture.ts';
import { readMonitors } from '../../contract/monitors.ts';
import type { Report } from '../../contract/report.ts';
import { safeFileName } from '../file-name.ts';
import { log } from '../log.ts';
import type { SessionClient } from '../session-client.ts';
import type { LiveCapture } from './live-capture.ts';
import { alertsOf, FlightRecorder, savedPath } from './recorder.ts';
import type { CaptureAnswers } from './refused.ts';
import type { CaptureService } from './service.ts';

/** What captures need of their host. */
export interface CaptureHost {
  readonly service: CaptureService;
  emit<E extends EventName>(event: E, value: Events[E]): void;
  newSession(): number;
  /** Opens the session that follows a capture. */
  follow(session: number, path: string, news: MessagePort, format: string): Promise<SessionState>;
  session(id: number): SessionClient;
  close(session: number): Promise<void>;
  checkTarget(path: string): Promise<string>;
  readonly download: ((suggestedName: string) => { readonly path: string; readonly address: string }) | null;
}

interface Running {
  readonly live: LiveCapture;
  /** As its worker said it last. */
  state: SessionState | null;
  recorder: { readonly flight: FlightRecorder; readonly view: number } | null;
}

const NS_PER_MINUTE = 60e9;
/** Flow monitors are looked at this often. */
const MONITOR_MS = 5000;
/** Counters are told this often where no packets come that would carry them. */
const TELL_MS = 500;

export class ClientCaptures {
  private readonly host: CaptureHost;
  private readonly running = new Map<number, Running>();
  private stopWatching: (() => void) | null = null;
  private readonly telling = new Map<number, NodeJS.Timeout>();

  constructor(host: CaptureHost) {
    this.host = host;
  }

  readonly methods: CaptureAnswers = {
    'capture.interfaces': () => this.host.service.ability(),
    'capture.watch': ({ on }) => {
      this.stopWatching?.();
      this.stopWatching = on ? this.host.service.watch((traffic) => this.host.emit('traffic', traffic)) : null;
      return null;
    },
    'capture.checkFilter': ({ linkType, filter }) => this.host.service.checkFilter(linkType, filter),
    'capture.start': ({ options }) => this.start(options),
    'capture.stop': async ({ session }) => {
      await this.of(session).live.stop();
      return null;
    },
    'capture.restart': async ({ session }) => {
      const { live } = this.of(session);
      await live.stop();
      // A file of the user's own is written anew: what shows the old one cannot go on.
      if (!live.state.isPrivate) await this.host.close(session);
      return this.start(live.state.options, live.state.isPrivate);
    },
    'capture.save': (input, call) => this.save(input, call),
    'capture.left': () => this.host.service.places.left(),
    'capture.discard': ({ path }) => {
      this.host.service.places.discard(path);
      return null;
    },
  };

  /** An event on its way from a session to the user interface. */
  seen<E extends EventName>(event: E, value: Events[E]): Events[E] {
    if (event === 'view') {
      const { session, view, rows } = value as ViewState;
      const recorder = this.running.get(session)?.recorder;
      if (recorder?.view === view) recorder.flight.passed(rows);
    }
    return event === 'session' ? (this.decorated(value as SessionState) as Events[E]) : value;
  }

  /** A session's state with what is known of its capture. */
  decorated(state: SessionState): SessionState {
    const running = this.running.get(state.session);
    if (running === undefined) return state;
    running.state = state;
    running.live.read(state.packets);
    clearTimeout(this.telling.get(state.session));
    this.telling.delete(state.session);
    return { ...state, live: running.live.state };
  }

  /** The session has been closed by its user: what nobody saved goes. */
  async closed(session: number): Promise<void> {
    const running = this.running.get(session);
    this.forget(session);
    await running?.live.discard();
  }

  /** The user interface is gone, or crashed: captures end, and are offered at the next start. */
  async leave(): Promise<void> {
    this.stopWatching?.();
    const all = [...this.running.values()];
    for (const session of this.running.keys()) this.forget(session);
    await Promise.all(all.map(({ live }) => live.leave()));
  }

  private forget(session: number): void {
    clearTimeout(this.telling.get(session));
    this.telling.delete(session);
    this.running.delete(session);
  }

  private of(session: number): Running {
    const found = this.running.get(session);
    if (found === undefined) throw new NagareError('not-open', `Session ${session} is no capture.`);
    return found;
  }

  private async start(options: CaptureSettings, mayWrite = false): Promise<SessionState> {
    const { host } = this;
    const path = options.path === null || mayWrite ? options.path : await host.checkTarget(options.path);
    const session = host.newSession();
    const { port1, port2 } = new MessageChannel();
    const live = await host.service.start(
      { ...options, path },
      {
        onChange: (state) => this.changed(session, state),
        onNews: (news) => port1.postMessage(news),
      },
    );
    this.running.set(session, { live, state: null, recorder: null });
    void live.ended.then(() => port1.unref());
    try {
      const state = await host.follow(session, live.state.path, port2, live.format);
      await this.record(session, options.saveWhen);
      return this.decorated(state);
    } catch (error) {
      this.forget(session);
      await live.discard();
      throw error;
    }
  }

  /** Lets the flight recorder watch. Throws `bad-filter`. */
  private async record(session: number, condition: CaptureSettings['saveWhen']): Promise<void> {
    if (condition === null) return;
    const running = this.of(session);
    const request = { session, filter: condition.filter === '' ? 'frame.number == 0' : condition.filter };
    const opened = await this.host.session(session).request('view.open', { ...request, range: null, sort: null });
    if (!opened.ok) throw new NagareError('bad-filter', opened.error.message, opened.error);
    const flight = new FlightRecorder(condition, (minutes) => void this.keep(session, minutes));
    flight.passed(opened.view.rows);
    running.recorder = { flight, view: opened.view.view };
    const { monitors = '', minutes } = condition;
    if (readMonitors(monitors)?.some(({ alert }) => alert !== undefined && alert !== null) === true)
      void this.watchMonitors(session, monitors, minutes, flight);
  }

  /** Asks the monitors about the last minutes, again and again, while the capture runs. */
  private async watchMonitors(
    session: number,
    monitors: string,
    minutes: number,
    flight: FlightRecorder,
  ): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, MONITOR_MS));
      const running = this.running.get(session);
      if (running === undefined || running.live.isStopped) return;
      const end = running.state?.lastTime ?? 0;
      const range = { from: end - minutes * NS_PER_MINUTE, to: Number.MAX_SAFE_INTEGER };
      const input = { session, panel: 'monitor', filter: '', range, options: { monitors } } as const;
      try {
        const { findings } = (await this.host.session(session).request('panel.get', input)) as Report;
        const names = alertsOf(findings);
        running.live.alerted(names);
        flight.alerted(names);
      } catch (error) {
        // Decoded otherwise or closed meanwhile: the next look tells.
        log(
          'warning',
          `flow monitors could not be looked at: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }

  /** Saves the last minutes beside the capture itself. */
  private async keep(session: number, minutes: number): Promise<void> {
    const running = this.running.get(session);
    if (running === undefined) return;
    const { live } = running;
    const path = savedPath(live.state.path);
    try {
      live.saved(path, await this.write(session, path, minutes, null));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      live.fail({ key: 'save-failed', params: { reason } });
    }
  }

  private changed(session: number, { isRunning, packetRate }: LiveState): void {
    const running = this.running.get(session);
    if (running?.state === null || running === undefined) return;
    running.recorder?.flight.rate(packetRate);
    const tell = (): void => {
      const { state } = running;
      if (state !== null) this.host.emit('session', this.decorated(state));
    };
    if (!isRunning) tell();
    else if (!this.telling.has(session)) this.telling.set(session, setTimeout(tell, TELL_MS));
  }

  /** Copies the file as it is, or has its session write the packets. */
  private async save(input: Input<'capture.save'>, call: CallContext): Promise<Output<'capture.save'>> {
    const { live, state } = this.of(input.session);
    const name = safeFileName(input.suggestedName, 'capture.pcapng');
    const target = input.path === null ? this.host.download?.(name) : { path: await this.host.checkTarget(input.path) };
    if (target === undefined) throw new NagareError('bad-input', 'A file to write to is needed.');
    const [only] = live.paths;
    const isCopied =
      input.minutes === null && live.isStopped && live.paths.length === 1 && extname(only) === extname(target.path);
    let packets = state?.packets ?? 0;
    if (isCopied) await copyFile(only, target.path);
    else packets = await this.write(input.session, target.path, input.minutes, call);
    return { packets, path: input.path, download: 'address' in target ? target.address : null };
  }

  /** Packets of the last `minutes`, or all that are there. */
  private async write(
    session: number,
    path: string,
    minutes: number | null,
    call: CallContext | null,
  ): Promise<number> {
    const client = this.host.session(session);
    const end = this.of(session).state?.lastTime ?? 0;
    const range = minutes === null ? null : { from: end - minutes * NS_PER_MINUTE, to: Number.MAX_SAFE_INTEGER };
    const opened = await client.request('view.open', { session, filter: '', range, sort: null }, call?.signal);
    if (!opened.ok) throw new NagareError('failed', opened.error.message);
    const { view } = opened.view;
    const format = extname(path) === '.pcap' ? 'pcap' : 'pcapng';
    const done = await client
      .request('export.run', { session, view, which: 'displayed', format, path }, call?.signal, call?.progress)
      .finally(() => client.request('view.close', { view }));
    return done.packets;
  }
}
