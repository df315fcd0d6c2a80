import { describe, expect, it } from 'vitest';
import { NagareError } from '../../../../engine/base/errors.ts';
import { errorText } from '../../../../renderer/state/error-text.ts';

describe('a failure as a sentence', () => {
  it('is said in the language of the user where the host names it by key', () => {
    const error = new NagareError('file-not-found', 'x.pcap does not exist', {
      key: 'captureProblem.not-found',
      params: { file: 'x.pcap' },
    });
    expect(errorText('en', error, 'bare')).toBe('x.pcap does not exist');
    expect(errorText('ja', error, 'bare')).toBe('x.pcap が見つかりません');
  });

  it('names the file that its key does not', () => {
    const detail = {
      key: 'captureProblem.unknown-format',
      params: { guess: 'captureProblem.guess-empty', formats: 'pcap' },
      file: 'x.pcap',
    };
    const text = errorText('ja', new NagareError('unknown-format', 'x.pcap: an empty file', detail), 'bare');
    expect(text).toBe(
      'x.pcap: 空のファイル（0 バイト）です。調べた形式: pcap（gzip・zstd・lz4 で圧縮されたものを含む）',
    );
  });

  it('is the message where there is no key, or none that is known', () => {
    expect(errorText('ja', new NagareError('failed', 'It broke.'), 'bare')).toBe('It broke.');
    const odd = new NagareError('failed', 'It broke.', { key: 'captureProblem.no-such-key', params: {} });
    expect(errorText('ja', odd, 'bare')).toBe('It broke.');
    expect(errorText('ja', new NagareError('failed', 'It broke.', { key: 1, params: null }), 'bare')).toBe('It broke.');
  });

  it('is nothing where the user has cancelled', () => {
    expect(errorText('en', new NagareError('cancelled', 'Cancelled.'))).toBeNull();
  });
});
