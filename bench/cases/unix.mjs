/** Sends a file over a Unix socket. */
import { sendingCase } from '../lib/sending.mjs';

export default sendingCase('unix', 'file → unix socket');
