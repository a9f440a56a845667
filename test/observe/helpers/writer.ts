/** A FIFO's writer. */
import { open } from 'node:fs/promises';

export interface Writer {
  write(text: string): Promise<void>;
  close(): void;
}

/** Waits for a reader. */
export async function openWriter(path: string): Promise<Writer> {
  const file = await open(path, 'w');
  return {
    write: async (text) => void (await file.write(text)),
    close: () => void file.close(),
  };
}
