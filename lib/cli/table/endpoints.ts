/** Where bytes may come from and go to, for every command that carries them. */
import type { List } from './shape';

export const SOURCES: List = {
  title: 'Sources',
  rows: [
    ['FILE', 'a file; what is a FIFO, a terminal, a device or a socket is read as that'],
    ['-', 'the standard input'],
    ['fifo:PATH[?persistent]', 'a FIFO; persistent: goes on when its last writer leaves'],
    ['tty:PATH[?baud=N]', 'a serial line or terminal, made raw and set to N baud by stty'],
    ['udp://[HOST]:PORT[?…]', 'datagrams; group=ADDRESS, interface=NAME, source=ADDRESS, reuse, rcvbuf=SIZE'],
    ['unix:PATH', 'what a unix socket sends'],
    ['pattern:[SIZE][?…]', 'bytes for tests; seed=N, start=N, rate=SIZE'],
    ['plugin:PATH[?config=JSON]', 'a shared library made with slipring/source.h'],
  ],
};

export const SINKS: List = {
  title: 'Sinks',
  rows: [
    ['FILE', 'a file, written anew; ./a:b for a name with a colon'],
    ['-', 'the standard output, which is also where it goes without any sink'],
    ['null:', 'nowhere'],
    ['tcp://HOST:PORT', 'a TCP connection'],
    ['unix:PATH', 'a unix socket'],
    ['exec:COMMAND', 'the standard input of a shell command'],
    ['nats://HOST:PORT/SUBJECT', 'JetStream, each record once, a file from where it came to; alone'],
  ],
};
