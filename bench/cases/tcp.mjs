/** Sends a file over TCP, within the machine. */
import { sendingCase } from '../lib/sending.mjs';

export default sendingCase('tcp', 'file → TCP');
