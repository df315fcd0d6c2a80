/** Sends a dropped file to the host of serve mode: POST /upload with the bytes, answered by `{path}` or `{message}`. */

import * as v from 'valibot';

const answerSchema = v.union([v.object({ path: v.string() }), v.object({ message: v.string() })]);

/**
 * Resolves to the path of the host's copy. XMLHttpRequest and not fetch, because only it tells how much was sent; the
 * browser reads the file piece by piece, so that its size does not matter here. `lostConnection` is what it fails with
 * where the server cannot be reached.
 */
export function uploadFile(
  file: File,
  signal: AbortSignal,
  lostConnection: string,
  onProgress: (sent: number) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', new URL('./upload', window.location.href));
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('X-File-Name', encodeURIComponent(file.name));
    request.upload.addEventListener('progress', (event) => onProgress(event.loaded));
    request.addEventListener('load', () => {
      const answer = v.safeParse(answerSchema, parseJson(request.responseText));
      if (request.status === 200 && answer.success && 'path' in answer.output) resolve(answer.output.path);
      else if (answer.success && 'message' in answer.output) reject(new Error(answer.output.message));
      else reject(new Error(`${request.status} ${request.statusText}`.trim()));
    });
    request.addEventListener('error', () => reject(new Error(lostConnection)));
    request.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
