import { describe, expect, it } from 'vitest';
import { catalog } from '../../../../engine/dissect/registry.ts';
import { checkFilter } from '../../../../engine/filter/language/check.ts';
import { defaultSettings } from '../../../../engine/host/settings.ts';
import { translator } from '../../../../engine/text/index.ts';
import { colourRuleName } from '../../../../renderer/state/colour-rule-name.ts';

describe('the name of a colour rule', () => {
  it('is translated where the settings begin with it, from whichever language it was kept in', () => {
    expect(colourRuleName(translator('ja'), 'Unwanted')).toBe('不要な通信');
    expect(colourRuleName(translator('en'), '不要な通信')).toBe('Unwanted');
  });

  it('stays as the user has written it', () => {
    expect(colourRuleName(translator('ja'), 'Office printer')).toBe('Office printer');
  });
});

describe('the rules that the settings begin with', () => {
  it('all have names in both languages and filters that can be read', () => {
    for (const { name, filter } of defaultSettings.colours) {
      expect(colourRuleName(translator('en'), name)).toBe(name);
      expect(checkFilter(filter, catalog), filter).toMatchObject({ ok: true });
    }
  });
});
