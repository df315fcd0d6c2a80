/** `nagare interfaces`: what can be captured on, by what, and what is missing for it. */

import { CaptureService } from '../../engine/host/capture/service.ts';
import { needText } from '../../engine/text/capture-need.ts';
import type { OptionTable } from '../args.ts';
import { defineCommand, EXIT } from '../command.ts';

export const interfaces = defineCommand({
  name: 'interfaces',
  usage: ['[--json]'],
  summary: 'cli.interfaces.summary',
  options: {
    json: { long: 'json', help: 'cli.option.json' },
  } as const satisfies OptionTable,
  async run({ options }, { out, err, t, language }) {
    const ability = await new CaptureService().ability();
    if (options.json) {
      out.write(`${JSON.stringify(ability, null, 2)}\n`);
    } else {
      const width = Math.max(0, ...ability.interfaces.map(({ name }) => name.length));
      for (const one of ability.interfaces) {
        const states = [
          one.isUp ? '' : t('cli.interfaces.down'),
          one.isLoopback ? t('cli.interfaces.loopback') : '',
          one.isWireless ? t('cli.interfaces.wireless') : '',
        ];
        const about = [one.title, one.description, ...one.addresses, ...states].filter((text) => text !== '');
        out.write(`${one.name.padEnd(width)}  ${about.join(', ')}`.trimEnd().concat('\n'));
      }
      for (const need of ability.needs) err.write(`nagare: ${needText(language, need)}\n`);
    }
    return ability.tool === 'none' ? EXIT.failure : EXIT.ok;
  },
});
