/** A pasted command line as words, whatever shell it was written for; and what follows the command itself. */

export interface SplitLine {
  readonly words: readonly string[];
  /** Redirections, pipes and further commands, as they were written. */
  readonly rest: string;
}

/** Longer texts are no command lines. */
const LONGEST = 20_000;

export function splitCommand(text: string): SplitLine {
  const line = text
    .slice(0, LONGEST)
    .replace(/^\s*(?:[$#>]|PS [^>\n]*>|[A-Za-z]:\\[^>\n]*>)\s+/, '')
    .trim();
  return new Splitter(line, isWindows(line)).split();
}

/** There a backslash is a part of a path, elsewhere it escapes. */
function isWindows(line: string): boolean {
  return /\\Device\\|(?:^|[\s"'])[A-Za-z]:\\|\.exe\b|[\^`]\s*\n/i.test(line);
}

class Splitter {
  private readonly text: string;
  private readonly isWindows: boolean;
  private readonly words: string[] = [];
  private word = '';
  private hasWord = false;
  private at = 0;

  constructor(text: string, isWindows: boolean) {
    this.text = text;
    this.isWindows = isWindows;
  }

  split(): SplitLine {
    while (this.at < this.text.length) {
      const sign = this.text.charAt(this.at);
      if (this.isEnd(sign)) break;
      this.at++;
      if (sign === "'") this.quoted("'");
      else if (sign === '"') this.quoted('"');
      else if (/\s/.test(sign)) this.endWord();
      else if (this.escapes(sign)) this.escaped();
      else this.add(sign);
    }
    // `2>file`: the number belongs to the redirection.
    const isNumbered = this.text.charAt(this.at) === '>' && /^[0-9]$/.test(this.word);
    const rest = this.text.slice(isNumbered ? this.at - 1 : this.at).trim();
    if (isNumbered) this.hasWord = false;
    this.endWord();
    return { words: this.words, rest };
  }

  private isEnd(sign: string): boolean {
    return sign === '|' || sign === ';' || sign === '&' || sign === '<' || sign === '>' || sign === '\n';
  }

  /** `^` of cmd and the grave accent of PowerShell; a backslash elsewhere. */
  private escapes(sign: string): boolean {
    return this.isWindows ? sign === '^' || sign === '`' : sign === '\\';
  }

  /** At a line's end it joins the next one. */
  private escaped(): void {
    const [ending] = /^[^\S\n]*\n/.exec(this.text.slice(this.at, this.at + 100)) ?? [];
    if (ending !== undefined) {
      this.at += ending.length;
      this.endWord();
    } else if (this.at < this.text.length) {
      this.add(this.text.charAt(this.at++));
    }
  }

  private quoted(quote: string): void {
    this.hasWord = true;
    while (this.at < this.text.length) {
      const sign = this.text.charAt(this.at++);
      const next = this.text.charAt(this.at);
      if (sign === quote) {
        // PowerShell writes a quote twice; in sh two texts stand beside each other, which is the same but for the quote.
        if (!(this.isWindows && next === quote)) return;
        this.word += quote;
        this.at++;
      } else if (quote === '"' && sign === '\\' && (next === '"' || (!this.isWindows && /[\\$`]/.test(next)))) {
        this.word += next;
        this.at++;
      } else {
        this.word += sign;
      }
    }
  }

  private add(sign: string): void {
    this.word += sign;
    this.hasWord = true;
  }

  private endWord(): void {
    if (this.hasWord) this.words.push(this.word);
    this.word = '';
    this.hasWord = false;
  }
}
