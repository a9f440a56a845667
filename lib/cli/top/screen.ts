/** Where pictures go: a terminal, which shows one at a time, or something that takes text. */
import { ReadStream as TerminalInput, type WriteStream as Terminal } from 'node:tty';

import { print } from '../output';

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const REST_OF_LINE = '\x1b[K';
const REST_OF_SCREEN = '\x1b[J';
const CTRL_C = 0x03;
const [COLUMNS, ROWS] = [80, 24];

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  show(lines: readonly string[]): void;
  close(): void;
}

/** `quit`: called when the user has had enough. */
export function openScreen(quit: () => void): Screen {
  const { stdin, stdout } = process;
  return stdout.isTTY ? new TerminalScreen(stdout, stdin, quit) : TEXT;
}

const TEXT: Screen = {
  columns: Number(process.env.COLUMNS) || 100,
  rows: Infinity,
  show(lines) {
    print(`${lines.join('\n')}\n\n`);
  },
  close: () => undefined,
};

class TerminalScreen implements Screen {
  readonly #output: Terminal;
  readonly #input: TerminalInput | undefined;
  readonly #onKey = (keys: Buffer): void => {
    if (keys.includes('q') || keys.includes(CTRL_C)) this.#quit();
  };
  readonly #quit: () => void;

  constructor(output: Terminal, input: NodeJS.ReadStream, quit: () => void) {
    this.#output = output;
    this.#quit = quit;
    if (input.isTTY) {
      this.#input = input;
      input.setRawMode(true).on('data', this.#onKey).unref();
    }
    print(ENTER);
  }

  /** A terminal may say that it has none. */
  get columns(): number {
    return this.#output.columns || COLUMNS;
  }

  get rows(): number {
    return this.#output.rows || ROWS;
  }

  show(lines: readonly string[]): void {
    const text = lines.map((line) => line + REST_OF_LINE).join('\r\n');
    print(HOME + text + REST_OF_SCREEN);
  }

  close(): void {
    print(LEAVE);
    this.#input?.off('data', this.#onKey).setRawMode(false).pause();
  }
}
