/**
 * Words of a command line written so that a shell hands each over as it is: POSIX sh (2.2 Quoting), Windows' cmd with
 * the C runtime's reading of the line, and PowerShell (about_Quoting_Rules). A word is left plain where it needs nothing.
 */

export const SHELLS = ['sh', 'cmd', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

export function quoteWord(shell: Shell, word: string): string {
  switch (shell) {
    case 'sh':
      return quoteSh(word);
    case 'cmd':
      return quoteCmd(word);
    case 'powershell':
      return quotePowerShell(word);
  }
}

export function quoteLine(shell: Shell, words: readonly string[]): string {
  const line = words.map((word) => quoteWord(shell, word)).join(' ');
  // A quoted program name would be a text to PowerShell, not a command.
  return shell === 'powershell' && line.startsWith("'") ? `& ${line}` : line;
}

function quoteSh(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** What a line of cmd cannot hold is a blank to a capture filter, the only text that may have it. */
function quoteCmd(text: string): string {
  const word = text.replace(/[\r\n]+/g, ' ');
  if (/^[\w@+:./\\{}~#=[\]-]+$/.test(word)) return word;
  // The C runtime: backslashes count before a quote only, and are doubled there.
  const quoted = `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
  // Quotes inside, and variables, are taken by cmd before the program sees them: there each of its signs is escaped.
  return /["%!]/.test(word) ? quoted.replace(/[()%!^"<>&|]/g, '^$&') : quoted;
}

/** Windows PowerShell splits a bare `-a.b` and `-a:b`; it takes typographic quotes for plain ones. */
function quotePowerShell(word: string): string {
  const isPlain = word.startsWith('-') ? /^-[\w=/\\-]*$/.test(word) : /^[\w./\\:=+-]+$/.test(word);
  return isPlain ? word : `'${word.replace(/['‘’‚‛]/g, '$&$&')}'`;
}
