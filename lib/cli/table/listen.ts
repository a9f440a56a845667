import { DURATION, RING, SHOWN } from './options';
import type { Command } from './shape';

export const LISTEN: Command = {
  name: 'listen',
  operands: 'udp://[HOST]:PORT',
  completes: 'nothing',
  summary: 'records datagrams, and says how many were lost',
  about:
    'Writes every datagram to a file, or a series of files. A multicast address as HOST is joined; more is said behind a ' +
    'question mark: group=ADDRESS, interface=NAME, source=ADDRESS, reuse, rcvbuf=SIZE. Ends with SIGINT. Its last line has ' +
    'every loss, and so has its exit code, 3.',
  options: [
    {
      name: 'output',
      short: 'o',
      value: 'FILE',
      help: 'where to: any sink; %Y%m%d-%H%M%S in FILE is the time (default: -)',
    },
    { name: 'format', short: 'f', value: 'FORMAT', choices: ['raw', 'lines', 'jsonl', 'pcap'], help: 'default: raw' },
    { name: 'rotate-seconds', short: 'G', value: 'SECONDS', help: 'begins a new file after so many' },
    { name: 'rotate-size', short: 'C', value: 'SIZE', help: 'begins a new file before one would be larger' },
    { name: 'keep', short: 'W', value: 'COUNT', help: 'keeps so many files, and deletes the oldest' },
    { name: 'count', short: 'c', value: 'N', help: 'stops after so many datagrams' },
    DURATION,
    ...RING,
    ...SHOWN,
  ],
  examples: [
    ['slipring listen udp://:5000 -o flow.bin', 'records what comes to port 5000'],
    ["slipring listen udp://239.1.1.1:5000 -f pcap -o 'cap-%H%M.pcap' -G 60 -W 60", 'the last hour, for Wireshark'],
    ['slipring listen udp://:514 -f lines', 'shows syslog messages'],
  ],
};
