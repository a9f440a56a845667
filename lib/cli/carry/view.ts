/** `--view`: the page that shows in a browser how it goes. */
import type { View } from '../../view';
import type { Arguments } from '../arguments';
import { Failure, reasonOf } from '../failure';
import { tellSentence } from '../output';
import { asUsage } from '../sources';

/** 9000, :9000, 127.0.0.1:9000, localhost:9000, [::1]:9000; undefined for what makes no sense. */
function placeOf(text: string): { host?: string; port?: number } | undefined {
  if (text === '') return {};
  const [, address, name, port] = /^(?:(?:\[([\da-f:.]+)\]|([\w.-]+))?:)?(\d+)$/i.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) return undefined;
  const host = address ?? name;
  return { port: Number(port), ...(host !== undefined && { host }) };
}

/** Undefined when nobody asks for one. To be called before anything is opened. */
export async function openView(args: Arguments): Promise<View | undefined> {
  const text = args.text('view');
  if (text === undefined) return undefined;
  const place = placeOf(text);
  if (!place) throw args.wrong(`--view takes HOST:PORT, such as 127.0.0.1:9000, and not "${text}".`);
  // The token is no argument: those the whole system sees.
  const token = process.env.SLIPRING_VIEW_TOKEN;
  const { serveView } = require('../../view') as typeof import('../../view');
  let view: View;
  try {
    view = await serveView({ ...place, token });
  } catch (error) {
    const failure = asUsage('--view and SLIPRING_VIEW_TOKEN', error);
    throw failure instanceof Failure ? failure : new Failure(`cannot open the view at ${text}: ${reasonOf(error)}.`);
  }
  tellSentence(`the view is at ${view.url}`);
  return view;
}
