/** The same capture on the command line, to copy; and the other way round, a command that is pasted. */

import { Copy } from 'lucide-react';
import { Fragment, useState } from 'react';
import { CAPTURE_TOOLS, type CaptureTool, commandText } from '../../../engine/capture/command-line.ts';
import { type ParsedCommand, parseCommand } from '../../../engine/capture/parse-command/index.ts';
import { SHELLS, type Shell } from '../../../engine/capture/quote.ts';
import type { CaptureSettings } from '../../../engine/contract/capture.ts';
import { Select, TextInput } from '../../components/form.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { copyToClipboard } from '../../state/clipboard.ts';
import { useApp, useText } from '../../state/use-app.ts';
import styles from './capture-options.module.css';

const SHELL_NAMES: Readonly<Record<Shell, string>> = { sh: 'sh, bash, zsh', cmd: 'cmd', powershell: 'PowerShell' };

export function CommandBox({ settings }: { readonly settings: CaptureSettings }) {
  const app = useApp();
  const t = useText();
  const [tool, setTool] = useState<CaptureTool>(settings.remote?.tool ?? 'tcpdump');
  const [shell, setShell] = useState<Shell>(app.info.systemOs === 'windows' ? 'powershell' : 'sh');
  const { text, missing } = commandText(tool, shell, settings);
  return (
    <div className={styles.command}>
      <div className={styles.commandHead}>
        <span className={styles.commandTitle}>{t('captureOptions.command')}</span>
        {settings.remote === null && (
          <div className={styles.narrow}>
            <Select
              label={t('captureOptions.command.tool')}
              isLabelHidden
              value={tool}
              options={CAPTURE_TOOLS.map((value) => ({ value, title: value }))}
              onChange={setTool}
            />
          </div>
        )}
        <div className={styles.narrow}>
          <Select
            label={t('captureOptions.command.shell')}
            isLabelHidden
            value={shell}
            options={SHELLS.map((value) => ({ value, title: SHELL_NAMES[value] }))}
            onChange={setShell}
          />
        </div>
        <IconButton
          icon={Copy}
          label={t('captureOptions.command.copy')}
          onPress={() => void copyToClipboard(app, text)}
        />
      </div>
      <pre className={styles.code} data-selectable aria-label={t('captureOptions.command')}>
        <CommandLines text={text} />
      </pre>
      {missing.length > 0 && (
        <p className={styles.note}>
          {t('captureOptions.command.missing', {
            tool: settings.remote?.tool ?? tool,
            list: missing.map((one) => t(`captureMissing.${one}`)).join(', '),
          })}
        </p>
      )}
    </div>
  );
}

/** Lines that break between words only, not at the hyphens of an option. */
export function CommandLines({ text }: { readonly text: string }) {
  return text.split('\n').map((line, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
    <div key={at}>
      {line.split(' ').map((word, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: words neither
        <Fragment key={place}>
          {place > 0 && ' '}
          <span className={styles.word}>{word}</span>
        </Fragment>
      ))}
    </div>
  ));
}

interface PasteBoxProps {
  /** Names of this machine's interfaces, in the order that `-i 2` counts. */
  readonly listed: readonly string[];
  readonly onParsed: (parsed: ParsedCommand) => void;
}

export function PasteBox({ listed, onParsed }: PasteBoxProps) {
  const t = useText();
  const [text, setText] = useState('');
  const parsed = text.trim() === '' ? undefined : parseCommand(text, listed);
  return (
    <div className={styles.paste}>
      <TextInput
        label={t('captureOptions.paste')}
        isLabelHidden
        isMono
        lines={2}
        value={text}
        placeholder={t('captureOptions.paste')}
        problem={parsed === null ? t('captureOptions.paste.none') : undefined}
        onChange={(next) => {
          setText(next);
          const read = parseCommand(next, listed);
          if (read !== null) onParsed(read);
        }}
      />
      {parsed !== undefined && parsed !== null && <PasteResult parsed={parsed} listed={listed} />}
    </div>
  );
}

function PasteResult({ parsed, listed }: { readonly parsed: ParsedCommand; readonly listed: readonly string[] }) {
  const t = useText();
  const away = parsed.settings.remote === null ? parsed.interfaces.filter((name) => !listed.includes(name)) : [];
  const { unknown, printing, displayFilter } = parsed;
  return (
    <div className={styles.note} role="status" ref={(node) => node?.scrollIntoView({ block: 'nearest' })}>
      <p>{t('captureOptions.paste.done', { tool: parsed.tool })}</p>
      {unknown.length > 0 && (
        <p className={styles.amber}>{t('captureOptions.paste.unknown', { list: unknown.join('  ') })}</p>
      )}
      {away.length > 0 && (
        <p className={styles.amber}>{t('captureOptions.paste.interfaces', { list: away.join(', ') })}</p>
      )}
      {displayFilter !== '' && <p>{t('captureOptions.paste.displayFilter', { filter: displayFilter })}</p>}
      {printing.length > 0 && <p>{t('captureOptions.paste.printing', { list: printing.join('  ') })}</p>}
    </div>
  );
}
