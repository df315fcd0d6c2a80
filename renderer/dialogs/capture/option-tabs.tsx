/** The tabs of the capture options. */

import { useState } from 'react';
import type { CaptureAbility } from '../../../engine/contract/capture.ts';
import { Select, TextInput } from '../../components/form.tsx';
import type { CaptureOptions } from '../../state/capture-store.ts';
import { hasCondition, keptMonitors } from '../../state/kept-monitors.ts';
import { useApp, useText } from '../../state/use-app.ts';
import styles from './capture-options.module.css';
import { DESTINATION, isEmptyRecorder, isEmptyRing } from './option-problems.ts';
import { CheckRow, NumberRow, OptionRow } from './option-row.tsx';

export interface Draft {
  readonly options: CaptureOptions;
  readonly chosen: string[];
  readonly remoteInterface: string;
}

interface TabProps {
  readonly draft: Draft;
  readonly ability: CaptureAbility | null;
  readonly onChange: (patch: Partial<CaptureOptions>) => void;
  readonly onDraft: (draft: Draft) => void;
}

const KIB = 1024;
const MB = 1_000_000;
const MOST_BYTES = 1_000_000_000;

export function CaptureTab({ draft, ability, onChange }: TabProps) {
  const t = useText();
  const { options } = draft;
  const types = ability?.interfaces.find(({ name }) => name === draft.chosen[0])?.linkTypes ?? [];
  const known = [...new Set([...types, ...(options.linkType === '' ? [] : [options.linkType])])];
  return (
    <div className={styles.rows}>
      <OptionRow label={t('live.filter')} letter="-f" isDumpcap>
        <TextInput
          label={t('live.filter')}
          isLabelHidden
          isMono
          value={options.filter}
          onChange={(filter) => onChange({ filter })}
        />
      </OptionRow>
      <NumberRow
        label={t('captureOptions.snapLength')}
        letter="-s"
        unit={t('captureOptions.unit.bytes')}
        placeholder={t('captureOptions.snapLength.whole')}
        value={options.snapLength}
        empty={0}
        onChange={(value) => onChange({ snapLength: value ?? 0 })}
      />
      <NumberRow
        label={t('captureOptions.buffer')}
        letter="-B"
        unit={t('captureOptions.unit.kib')}
        placeholder={t('captureOptions.buffer.own')}
        factor={KIB}
        value={options.bufferBytes}
        empty={0}
        onChange={(value) => onChange({ bufferBytes: value ?? 0 })}
      />
      <OptionRow label={t('captureOptions.direction')} letter="-Q">
        <Select
          label={t('captureOptions.direction')}
          isLabelHidden
          value={options.direction}
          options={(['both', 'in', 'out'] as const).map((value) => ({
            value,
            title: t(`captureOptions.direction.${value}`),
          }))}
          onChange={(direction) => onChange({ direction })}
        />
      </OptionRow>
      <OptionRow label={t('captureOptions.linkType')} letter="-y">
        {known.length > 0 ? (
          <Select
            label={t('captureOptions.linkType')}
            isLabelHidden
            value={options.linkType === '' ? OWN : options.linkType}
            options={[OWN, ...known].map((value) => ({
              value,
              title: value === OWN ? t('captureOptions.linkType.own') : value,
            }))}
            onChange={(value) => onChange({ linkType: value === OWN ? '' : value })}
          />
        ) : (
          <TextInput
            label={t('captureOptions.linkType')}
            isLabelHidden
            isMono
            value={options.linkType}
            placeholder={t('captureOptions.linkType.own')}
            onChange={(linkType) => onChange({ linkType: linkType.trim() })}
          />
        )}
      </OptionRow>
      <OptionRow label={t('captureOptions.timestampType')} letter="-j">
        <TextInput
          label={t('captureOptions.timestampType')}
          isLabelHidden
          isMono
          list="timestamp-types"
          value={options.timestampType}
          placeholder={t('captureOptions.linkType.own')}
          onChange={(timestampType) => onChange({ timestampType: timestampType.trim() })}
        />
        <datalist id="timestamp-types">
          {TIMESTAMP_TYPES.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </OptionRow>
      <OptionRow label={t('captureOptions.precision')} letter="--time-stamp-precision">
        <Select
          label={t('captureOptions.precision')}
          isLabelHidden
          value={options.precision}
          options={(['micro', 'nano'] as const).map((value) => ({
            value,
            title: t(`captureOptions.precision.${value}`),
          }))}
          onChange={(precision) => onChange({ precision })}
        />
      </OptionRow>
      <CheckRow
        label={t('captureOptions.promiscuous')}
        letter="-p"
        isOn={options.promiscuous}
        onChange={(promiscuous) => onChange({ promiscuous })}
      />
      <CheckRow
        label={t('captureOptions.monitor')}
        letter="-I"
        isOn={options.monitor}
        onChange={(monitor) => onChange({ monitor })}
      />
      <CheckRow
        label={t('captureOptions.immediate')}
        letter="--immediate-mode"
        isOn={options.immediate}
        onChange={(immediate) => onChange({ immediate })}
      />
    </div>
  );
}

/** No link type has this name. */
const OWN = '(own)';

/** pcap-tstamp(7). */
const TIMESTAMP_TYPES = ['host', 'host_lowprec', 'host_hiprec', 'host_hiprec_unsynced', 'adapter', 'adapter_unsynced'];

const NO_RING = { packets: null, bytes: 100 * MB, seconds: null, files: 10 };

export function FilesTab({ draft, onChange }: TabProps) {
  const t = useText();
  const { options } = draft;
  const { stop, ring } = options;
  const off = t('captureOptions.off');
  return (
    <div className={styles.rows}>
      <OptionRow label={t('captureOptions.path')} letter="-w">
        <TextInput
          label={t('captureOptions.path')}
          isLabelHidden
          isMono
          value={options.path ?? ''}
          placeholder={t('captureOptions.path.private')}
          onChange={(path) => onChange({ path: path.trim() === '' ? null : path })}
        />
      </OptionRow>
      <h3 className={styles.heading}>{t('captureOptions.stop')}</h3>
      <NumberRow
        label={t('captureOptions.stop.packets')}
        letter="-c"
        unit={t('captureOptions.unit.packets')}
        placeholder={off}
        value={stop.packets}
        empty={null}
        most={Number.MAX_SAFE_INTEGER}
        onChange={(packets) => onChange({ stop: { ...stop, packets } })}
      />
      <NumberRow
        label={t('captureOptions.stop.bytes')}
        letter="-a filesize"
        isDumpcap
        unit={t('captureOptions.unit.mb')}
        placeholder={off}
        isWhole={false}
        factor={MB}
        most={MOST_BYTES}
        value={stop.bytes}
        empty={null}
        onChange={(bytes) => onChange({ stop: { ...stop, bytes: wholeBytes(bytes) } })}
      />
      <NumberRow
        label={t('captureOptions.stop.seconds')}
        letter="-G -W 1"
        unit={t('captureOptions.unit.seconds')}
        placeholder={off}
        isWhole={false}
        value={stop.seconds}
        empty={null}
        onChange={(seconds) => onChange({ stop: { ...stop, seconds } })}
      />
      <NumberRow
        label={t('captureOptions.stop.files')}
        letter="-a files"
        isDumpcap
        unit={t('captureOptions.unit.files')}
        placeholder={off}
        value={stop.files}
        empty={null}
        onChange={(files) => onChange({ stop: { ...stop, files } })}
      />
      <h3 className={styles.heading}>{t('captureOptions.ring')}</h3>
      <CheckRow
        label={t('captureOptions.ring.on')}
        isOn={ring !== null}
        onChange={(on) => onChange({ ring: on ? NO_RING : null })}
      />
      {ring !== null && (
        <>
          <NumberRow
            label={t('captureOptions.ring.bytes')}
            letter="-C"
            unit={t('captureOptions.unit.mb')}
            placeholder={off}
            isWhole={false}
            factor={MB}
            most={MOST_BYTES}
            value={ring.bytes}
            empty={null}
            onChange={(bytes) => onChange({ ring: { ...ring, bytes: wholeBytes(bytes) } })}
          />
          <NumberRow
            label={t('captureOptions.ring.seconds')}
            letter="-G"
            unit={t('captureOptions.unit.seconds')}
            placeholder={off}
            isWhole={false}
            value={ring.seconds}
            empty={null}
            onChange={(seconds) => onChange({ ring: { ...ring, seconds } })}
          />
          <NumberRow
            label={t('captureOptions.ring.interval')}
            letter="-b interval"
            isDumpcap
            unit={t('captureOptions.unit.seconds')}
            placeholder={off}
            value={ring.interval ?? null}
            empty={null}
            onChange={(interval) => onChange({ ring: { ...ring, interval } })}
          />
          <NumberRow
            label={t('captureOptions.ring.packets')}
            letter="-b packets"
            isDumpcap
            unit={t('captureOptions.unit.packets')}
            placeholder={off}
            value={ring.packets}
            empty={null}
            onChange={(packets) => onChange({ ring: { ...ring, packets } })}
          />
          <NumberRow
            label={t('captureOptions.ring.files')}
            letter="-W"
            unit={t('captureOptions.unit.files')}
            placeholder={t('captureOptions.ring.all')}
            value={ring.files}
            empty={null}
            onChange={(files) => onChange({ ring: { ...ring, files } })}
          />
          {isEmptyRing(ring) && <p className={styles.problem}>{t('captureOptions.bad.ring')}</p>}
        </>
      )}
      <h3 className={styles.heading}>{t('captureOptions.view')}</h3>
      <NumberRow
        label={t('captureOptions.keepMinutes')}
        unit={t('captureOptions.unit.minutes')}
        placeholder={t('captureOptions.keepMinutes.all')}
        isWhole={false}
        value={options.keepMinutes}
        empty={null}
        onChange={(keepMinutes) => onChange({ keepMinutes })}
      />
      <p className={styles.note}>{t('captureOptions.keepMinutes.hint')}</p>
    </div>
  );
}

function wholeBytes(bytes: number | null): number | null {
  return bytes === null ? null : Math.round(bytes);
}

const RECORDER = { filter: '', packetRate: null, minutes: 5 };

export function RecorderTab({ draft, onChange }: TabProps) {
  const app = useApp();
  const t = useText();
  const { saveWhen } = draft.options;
  return (
    <div className={styles.rows}>
      <CheckRow
        label={t('captureOptions.recorder.on')}
        isOn={saveWhen !== null}
        onChange={(on) => onChange({ saveWhen: on ? RECORDER : null })}
      />
      <p className={styles.note}>{t('captureOptions.recorder.hint')}</p>
      {saveWhen !== null && (
        <>
          <OptionRow label={t('captureOptions.recorder.filter')} letter="-Y" isDumpcap>
            <TextInput
              label={t('captureOptions.recorder.filter')}
              isLabelHidden
              isMono
              value={saveWhen.filter}
              placeholder="tcp.analysis.retransmission"
              onChange={(filter) => onChange({ saveWhen: { ...saveWhen, filter } })}
            />
          </OptionRow>
          <NumberRow
            label={t('captureOptions.recorder.rate')}
            unit={t('captureOptions.unit.perSecond')}
            placeholder={t('captureOptions.off')}
            value={saveWhen.packetRate}
            empty={null}
            onChange={(packetRate) => onChange({ saveWhen: { ...saveWhen, packetRate } })}
          />
          <CheckRow
            label={t('captureOptions.recorder.monitors')}
            isOn={saveWhen.monitors !== undefined}
            onChange={(on) => {
              const { monitors: _, ...others } = saveWhen;
              onChange({ saveWhen: on ? { ...others, monitors: keptMonitors(app) } : others });
            }}
          />
          {saveWhen.monitors !== undefined && !hasCondition(saveWhen.monitors) && (
            <p className={styles.note}>{t('captureOptions.recorder.noCondition')}</p>
          )}
          <NumberRow
            label={t('captureOptions.recorder.minutes')}
            unit={t('captureOptions.unit.minutes')}
            placeholder="5"
            isWhole={false}
            value={saveWhen.minutes}
            empty={null}
            onChange={(minutes) => onChange({ saveWhen: { ...saveWhen, minutes: minutes ?? RECORDER.minutes } })}
          />
          {isEmptyRecorder(saveWhen) && <p className={styles.problem}>{t('captureOptions.bad.recorder')}</p>}
        </>
      )}
    </div>
  );
}

const REMOTE = { destination: '', port: null, tool: 'tcpdump', sudo: true } as const;

export function RemoteTab({ draft, onChange, onDraft }: TabProps) {
  const t = useText();
  const { remote } = draft.options;
  const [wasAsked, setWasAsked] = useState(false);
  const isWrong = remote !== null && !DESTINATION.test(remote.destination);
  return (
    <div className={styles.rows}>
      <CheckRow
        label={t('captureOptions.remote.on')}
        isOn={remote !== null}
        onChange={(on) => onChange({ remote: on ? REMOTE : null })}
      />
      <p className={styles.note}>{t('captureOptions.remote.hint')}</p>
      {remote !== null && (
        <>
          <OptionRow label={t('captureOptions.remote.destination')}>
            <TextInput
              label={t('captureOptions.remote.destination')}
              isLabelHidden
              isMono
              value={remote.destination}
              placeholder="user@host"
              problem={isWrong && wasAsked ? t('captureOptions.bad.destination') : undefined}
              onChange={(destination) => {
                setWasAsked(true);
                onChange({ remote: { ...remote, destination: destination.trim() } });
              }}
            />
          </OptionRow>
          <NumberRow
            label={t('captureOptions.remote.port')}
            unit=""
            placeholder="22"
            most={65535}
            value={remote.port}
            empty={null}
            onChange={(port) => onChange({ remote: { ...remote, port } })}
          />
          <OptionRow label={t('captureOptions.remote.interface')} letter="-i">
            <TextInput
              label={t('captureOptions.remote.interface')}
              isLabelHidden
              isMono
              value={draft.remoteInterface}
              placeholder="any"
              onChange={(remoteInterface) => onDraft({ ...draft, remoteInterface: remoteInterface.trim() })}
            />
          </OptionRow>
          <OptionRow label={t('captureOptions.remote.tool')}>
            <Select
              label={t('captureOptions.remote.tool')}
              isLabelHidden
              value={remote.tool}
              options={(['tcpdump', 'dumpcap'] as const).map((value) => ({ value, title: value }))}
              onChange={(tool) => onChange({ remote: { ...remote, tool } })}
            />
          </OptionRow>
          <CheckRow
            label={t('captureOptions.remote.sudo')}
            isOn={remote.sudo}
            onChange={(sudo) => onChange({ remote: { ...remote, sudo } })}
          />
        </>
      )}
    </div>
  );
}
