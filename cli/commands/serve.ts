/** `nagare serve`: the window for a browser, for machines that have no desktop (DESIGN section 8). */

import { type OptionTable, UsageError } from '../args.ts';
import { type CommandContext, defineCommand, EXIT } from '../command.ts';
import { DEFAULT_UPLOAD_LIMIT, runServe } from '../serve/run.ts';
import { parseSize } from '../serve/size-text.ts';
import { keyLogPath } from '../tls-keys.ts';
import { CAPTURE_OPTIONS } from '../with-capture.ts';

export const serve = defineCommand({
  name: 'serve',
  usage: ['[FILE...] [--port N] [--root DIR]... [--capture] [--no-open]'],
  summary: 'cli.serve.summary',
  notes: ['cli.serve.note'],
  options: {
    port: { long: 'port', value: 'N', help: 'cli.serve.port' },
    root: { long: 'root', value: 'DIR', many: true, help: 'cli.serve.root' },
    uploadLimit: { long: 'upload-limit', value: 'SIZE', help: 'cli.serve.upload-limit' },
    tlsKeys: CAPTURE_OPTIONS.tlsKeys,
    capture: { long: 'capture', help: 'cli.serve.capture' },
    noOpen: { long: 'no-open', help: 'cli.serve.no-open' },
  } as const satisfies OptionTable,
  async run({ options, operands }, context) {
    await runServe({
      files: operands,
      roots: options.root,
      tlsKeys: keyLogPath(options.tlsKeys),
      port: options.port === undefined ? 0 : portOf(options.port, context),
      uploadLimit: options.uploadLimit === undefined ? DEFAULT_UPLOAD_LIMIT : sizeOf(options.uploadLimit, context),
      capture: options.capture,
      show: options.noOpen ? 'nowhere' : 'browser',
      context,
    });
    return EXIT.ok;
  },
});

function portOf(text: string, { t }: CommandContext): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65535) throw new UsageError(t('serve.badPort', { port: text }));
  return port;
}

function sizeOf(text: string, { t }: CommandContext): number {
  const size = parseSize(text);
  if (size === null) throw new UsageError(t('serve.badSize', { size: text }));
  return size;
}
