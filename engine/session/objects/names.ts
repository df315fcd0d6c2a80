/** Names of files as protocols tell them. */

/** What stands behind the last `/` or `\`, with %-escapes undone where they are right. */
export function lastPart(path: string): string {
  const parts = path.split(/[/\\]/).filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last; // not an escaped name
  }
}
