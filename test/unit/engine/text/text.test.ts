import { describe, expect, it } from 'vitest';
import { en } from '../../../../engine/text/en.ts';
import { pickLanguage, translateUnchecked, translator } from '../../../../engine/text/index.ts';
import { ja } from '../../../../engine/text/ja.ts';
import { fillMessage, type Message } from '../../../../engine/text/message.ts';

const entries = Object.entries(en as Record<string, Message>);
const japanese = ja as Record<string, Message>;

function forms(message: Message): string[] {
  return typeof message === 'string' ? [message] : Object.values(message).map(String);
}

function places(text: string): string[] {
  return [...text.matchAll(/\{([a-zA-Z]+)(?::text)?\}/g)].map((match) => match[0]).sort();
}

describe('the dictionaries', () => {
  it('have the same keys, and no empty text', () => {
    expect(Object.keys(japanese).sort()).toEqual(Object.keys(en).sort());
    for (const [key, message] of [...entries, ...Object.entries(japanese)]) {
      for (const form of forms(message)) expect(form.trim(), key).not.toBe('');
    }
  });

  it('fill the same places in Japanese as in English', () => {
    for (const [key, message] of entries) {
      const wanted = places(forms(message).at(-1) ?? '');
      for (const form of forms(japanese[key] ?? '')) expect(places(form), key).toEqual(wanted);
    }
  });

  it('are written in their language: Japanese sentences have Japanese in them', () => {
    const sentences = entries.filter(([, message]) => /[a-z] [a-z]+ [a-z]/.test(forms(message)[0] ?? ''));
    expect(sentences.length).toBeGreaterThan(20);
    for (const [key] of sentences) {
      expect(forms(japanese[key] ?? '').join(' '), key).toMatch(
        /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
      );
    }
  });
});

describe('translator', () => {
  it('fills places, and writes numbers as the language does', () => {
    const t = translator('en');
    expect(t('status.loaded', { time: '0.8 s' })).toBe('Loaded in 0.8 s');
    expect(t('pane.frame', { number: 182213 })).toBe('frame 182,213');
    expect(translator('ja')('pane.frame', { number: 182213 })).toBe('フレーム 182,213');
  });

  it('chooses the plural by the count', () => {
    const t = translator('en');
    expect(t('banner.more', { count: 1 })).toBe('1 more problem');
    expect(t('banner.more', { count: 0 })).toBe('0 more problems');
    expect(t('banner.more', { count: 1000 })).toBe('1,000 more problems');
    expect(translator('ja')('banner.more', { count: 1 })).toBe('ほか 1 件の問題');
  });

  it('puts values in as they are, braces and dollar signs among them', () => {
    expect(fillMessage('en', 'a {x} b {y}', { x: '{y} $& $1', y: 'z' })).toBe('a {y} $& $1 b z');
    expect(fillMessage('en', 'a {x}', {})).toBe('a {x}');
  });
});

describe('translateUnchecked', () => {
  it('knows the keys of the dictionary and nothing that objects have by nature', () => {
    expect(translateUnchecked('en', 'toolbar.open')).toBe('Open');
    expect(translateUnchecked('ja', 'toolbar.open')).toBe('開く');
    expect(translateUnchecked('en', 'no.such.key')).toBeUndefined();
    expect(translateUnchecked('en', 'constructor')).toBeUndefined();
  });
});

describe('pickLanguage', () => {
  it('takes the first that there is, whatever the region', () => {
    expect(pickLanguage(['de-DE', 'ja-JP', 'en-US'])).toBe('ja');
    expect(pickLanguage(['EN-gb', 'ja'])).toBe('en');
    expect(pickLanguage(['fr', 'jav'])).toBe('en');
    expect(pickLanguage([])).toBe('en');
  });
});
